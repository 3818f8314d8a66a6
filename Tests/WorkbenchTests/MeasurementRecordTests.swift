import Glibc
import Problems
import Reports
import Testing
import Workbench

@Suite("Record of measurements") struct MeasurementRecordTests {
  @Test("file, digest by sha256sum, and the count of each role") func record() throws {
    var template = Array("/tmp/cauchy-measurements-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    let path = folder + "/d.csv"
    defer {
      unlink(path)
      rmdir(folder)
    }
    let file = fopen(path, "w")
    fputs("trajectory,t,x\na,0,1\na,1,2\na,2,\nb,0,1\nb,2,3\n", file)
    fclose(file)
    let text = """
      variables: {t: [0, 2]}
      unknowns: [x]
      equations: ["x' = -x"]
      conditions: [x = 1 at t = 0]
      data: {file: d.csv, split: {test: [b]}}
      """
    let problem = try ProblemReader.read(
      bytes: Array(text.utf8), file: "p.yaml", folder: folder)
    let record = try #require(problem.data).record(seed: 1).rendered
    #expect(
      record == """
        {
          "file": "\(path)",
          "sha256": "51129383f47439e2f5f2b57051e005ef162dcd01ae8a96c6c93291f630a5559f",
          "experiments": 2,
          "training": 3,
          "validation": 0,
          "test": 2
        }
        """)
  }
}
