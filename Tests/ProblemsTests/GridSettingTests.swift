import Problems
import Testing

@Suite("The grid of a problem file") struct GridSettingTests {
  private func setting(_ grid: String, of variable: String = "x") throws -> GridSetting? {
    let folder = try Folder()
    let problem = try folder.read(Sample.burgers + "solve: {grid: \(grid)}\n")
    let again = try folder.read(problem.resolvedYAML())
    #expect(again.declaresTheSame(as: problem), "\(problem.resolvedYAML())")
    return problem.solve.grid?[variable]
  }

  @Test("counts, for all variables or one")
  func counts() throws {
    for grid in ["301", "3e2 + 1", "{x: 301}", "{x: {points: 301}}"] {
      let found = try #require(try setting(grid))
      #expect(found.points == 301 && found.grading == nil, "\(grid)")
    }
    #expect(try setting("{x: 301}", of: "t") == nil)
  }

  @Test("places and ratio, with and without points")
  func grading() throws {
    let whole = try #require(try setting("{x: {points: 401, near: [0, -1], ratio: 20}}"))
    #expect(whole.points == 401)
    #expect(whole.grading?.near == [0, -1] && whole.grading?.ratio == 20)
    let short = try #require(try setting("{x: {near: pi/4}}"))
    #expect(short.points == nil && short.grading?.near == [Double.pi / 4])
    #expect(short.grading?.ratio == 10, "the default")
  }

  @Test("the limited scheme has a name")
  func limited() throws {
    let problem = try Folder().read(Sample.burgers + "solve: {scheme: {x: limited}}\n")
    #expect(problem.solve.scheme?["x"] == "limited" && problem.solve.scheme?["t"] == nil)
  }
}
