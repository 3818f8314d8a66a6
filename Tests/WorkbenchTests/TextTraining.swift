import Flows
import Foundation
import Workbench

/// Trains a problem file that goes with the test.
func train(
  text: String, set overrides: [String] = [], threads: Int = 1,
  on hook: @escaping Training.Hook = { _ in }
) throws -> LearnedModel {
  let file = FileManager.default.temporaryDirectory
    .appending(path: "cauchy-training-\(UUID().uuidString).yaml")
  defer { try? FileManager.default.removeItem(at: file) }
  try text.write(to: file, atomically: true, encoding: .utf8)
  return try train(problemFile: file.path, set: overrides, threads: threads, on: hook)
}
