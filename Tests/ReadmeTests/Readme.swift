import Foundation

/// README.md and what stands in it between fences.
enum Readme {
  /// The root of the package, found from this file.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let text = contents("README.md")

  /// A text file of the package; empty if there is none.
  static func contents(_ path: String) -> String {
    (try? String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)) ?? ""
  }

  /// A block between fences: its language, and its lines.
  struct Block {
    var language: String
    var lines: [String]
  }

  static let blocks: [Block] = {
    var blocks: [Block] = []
    var open: Block?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        if let block = open { blocks.append(block) }
        open = open == nil ? Block(language: String(line.dropFirst(3)), lines: []) : nil
      } else {
        open?.lines.append(line)
      }
    }
    return blocks
  }()

  /// Problem files that README writes out: blocks that start with `# name.yaml`.
  static let files: [(name: String, text: String)] = blocks.compactMap { block in
    guard block.language == "yaml", let first = block.lines.first, first.hasPrefix("# ") else {
      return nil
    }
    return (String(first.dropFirst(2)), block.lines.joined(separator: "\n") + "\n")
  }

  /// A command of a console block and what README shows of its output.
  struct Command: Sendable {
    var line: String
    var output: [String]
  }

  static let commands: [Command] = {
    var commands: [Command] = []
    for line in blocks.filter({ $0.language == "console" }).flatMap(\.lines) {
      if line.hasPrefix("$ ") {
        commands.append(Command(line: String(line.dropFirst(2)), output: []))
      } else if !commands.isEmpty {
        commands[commands.count - 1].output.append(line)
      }
    }
    return commands
  }()
  /// A row of the table of gallery problems.
  struct Row: Sendable, CustomStringConvertible {
    var problem: String
    var evaluations: Double
    var error: Double
    var description: String { problem }
  }

  static let rows: [Row] = text.split(separator: "\n").compactMap { line in
    let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    guard cells.count == 5, let evaluations = Double(cells[3]), let error = Double(cells[4])
    else { return nil }
    return Row(
      problem: cells[1].trimmingCharacters(in: ["`"]), evaluations: evaluations, error: error)
  }
}
