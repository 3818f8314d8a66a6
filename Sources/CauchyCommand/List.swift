import ArgumentParser
import Workbench

/// `cauchy list`: the gallery.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the problem files of a folder with their titles.",
    discussion: "Example: cauchy list problems")

  @Argument(help: "The folder of problem files.", completion: .directory)
  var folder = ListOptions().folder

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() throws {
    var options = ListOptions()
    options.folder = folder
    options.json = json
    try end(with: ListWorkflow(options).run())
  }
}
