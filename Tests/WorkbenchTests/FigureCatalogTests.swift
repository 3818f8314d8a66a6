import Foundation
import Reports
import Testing
import Workbench

/// The figures of runs: which there are, and that all of each can be read.
@Suite struct FigureCatalogTests {
  @Test func everyKindIsTested() {
    let tested = FigureCase.all.reduce(into: Set(["study"])) { $0.formUnion($1.figures.keys) }
    #expect(tested == Set(FigureCatalog.all.map(\.name)))
  }

  @Test(arguments: FigureCase.all) func figuresAreSound(_ item: FigureCase) throws {
    let run = try item.run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    let found = try figures(of: run)
    let panels = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.panels.count) })
    #expect(panels == item.figures)
    for figure in found {
      #expect(!figure.title.isEmpty)
      for (index, panel) in figure.panels.enumerated() {
        check(panel, "\(figure.name) \(index)")
        // Every axis is named by words beside it, or by the panel's title or the axis below.
        let isBottom = index + figure.columns >= figure.panels.count
        #expect(!panel.x.label.isEmpty || !isBottom, "\(figure.name) \(index)")
        #expect(
          !panel.y.label.isEmpty || !panel.y.names.isEmpty || !panel.title.isEmpty
            || index % figure.columns > 0, "\(figure.name) \(index)")
      }
      let svg = try Gnuplot.bytes(of: figure, as: .svg)
      // A page of eight figures opens at once.
      #expect(svg.count > 2000 && svg.count < 1_000_000, "\(figure.name): \(svg.count)")
      let text = String(decoding: svg, as: UTF8.self)
      // Of coordinates; the letters may stand in a picture that lies inside.
      #expect(
        !text.contains("nan,") && !text.contains(" nan") && text.hasSuffix("</svg>\n\n"),
        "\(figure.name)")
    }
    let again = try figures(of: run, only: found.prefix(1).map(\.name))
    #expect(again.count == 1)
    let (first, second) = (
      try Gnuplot.bytes(of: found[0], as: .svg), try Gnuplot.bytes(of: again[0], as: .svg)
    )
    #expect(first == second)
  }

  /// Something lies inside the axes, and no layer has numbers without partners.
  private func check(_ panel: Panel, _ name: String) {
    #expect(!panel.layers.isEmpty, "\(name)")
    var seen = 0
    for layer in panel.layers {
      switch layer.content {
      case .line(let x, let y), .points(let x, let y), .bars(let x, let y, _):
        #expect(x.count == y.count && !x.isEmpty, "\(name): \(layer.label)")
        #expect(x.count <= 6000, "\(name): \(x.count) points")
        seen += zip(x, y).count { contains(panel.x, $0) && contains(panel.y, $1) }
      case .path(let x, let y, let z):
        #expect(x.count == y.count && y.count == z.count)
        seen += zip(x, y).count { contains(panel.x, $0) && contains(panel.y, $1) }
      case .map(let field):
        #expect(field.x.first == panel.x.first && field.y.last == panel.y.last, "\(name)")
        #expect(field.values.contains { $0.isFinite })
        #expect(field.x.count > 150 && field.y.count > 150, "\(name): coarse")
        seen += field.values.count
      case .strip(let from, let to): #expect(from < to)
      case .level, .place: break
      }
    }
    #expect(seen > 1, "\(name): nothing to be seen")
    if let z = panel.z { #expect(!z.label.isEmpty) }
  }

  private func contains(_ axis: Axis, _ number: Double) -> Bool {
    number >= min(axis.first, axis.last) && number <= max(axis.first, axis.last)
  }

  // MARK: What single figures show

  private func figure(_ name: String, _ kind: String) throws -> Figure {
    let item = try #require(FigureCase.all.first { $0.name == name })
    let run = try item.run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    return try #require(try figures(of: run, only: [kind]).first)
  }

  /// Times from 1e-5 to 1e11 on a logarithmic axis, and so the fractions, which are positive.
  @Test func stiffChemistryIsLogarithmic() throws {
    let figure = try figure("robertson", "components")
    #expect(figure.panels.allSatisfy { $0.x.scale == .logarithmic && $0.x.first == 1e-5 })
    #expect(figure.panels.allSatisfy { $0.y.scale == .logarithmic })
    #expect(figure.panels.map(\.y.label) == ["y1", "y2", "y3"])
  }

  @Test func eventsAreMarkedWhereTheyHappened() throws {
    let figure = try figure("bouncing-ball", "components")
    let marks = try #require(figure.panels[0].layers.last)
    guard case .points(let t, let h) = marks.content else { throw Missing() }
    // Three bounces; the third at t = 12.394205360998834 (see the problem's file).
    #expect(marks.label == "event bounce" && t.count == 3)
    #expect((t[2] - 12.394205360998834).magnitude < 1e-9 && h.allSatisfy { $0.magnitude < 1e-9 })
    #expect(figure.panels[1].x.label == "t (s)" && figure.panels[1].y.label == "v (m/s)")
  }

  @Test func threeUnknownsAreSeenInSpace() throws {
    let panel = try figure("lorenz", "phase").panels[0]
    #expect(panel.z?.label == "z" && panel.colours?.label == "t" && panel.colours?.high == 20)
    #expect(panel.layers.count > 20)
  }

  /// Heat decays from sin(πx): the map has one sign, its contour lines are the scale's numbers.
  @Test func fieldHasContourLines() throws {
    let panel = try figure("heat", "field").panels[0]
    guard case .map(let field) = panel.layers[0].content else { throw Missing() }
    #expect(panel.x.label == "t" && panel.y.label == "x")
    #expect(panel.colours?.colours == .sequential && (panel.colours?.high ?? 0) == 1)
    #expect(field.levels == panel.colours?.ticks && field.levels.count > 5)
  }

  @Test func slicesLieOverTheTruth() throws {
    let panel = try figure("heat", "slices").panels[0]
    #expect(panel.legend.count == 5 && panel.legend.first == "t = 0")
    let rings = panel.layers.filter { $0.shape == .ring }
    #expect(rings.count == 5)
    guard case .points(let x, let u) = rings[0].content else { throw Missing() }
    for (x, u) in zip(x, u) { #expect((u - sin(.pi * x)).magnitude < 1e-12) }
  }

  @Test func errorIsLogarithmic() throws {
    let panel = try figure("heat", "error").panels[0]
    #expect(panel.colours?.scale == .logarithmic && panel.colours?.label == "|error of u|")
    let curve = try figure("lorenz", "error").panels[0]
    #expect(curve.y.scale == .logarithmic && curve.y.last < 1e-5 && curve.y.label == "|error|")
  }

  @Test func rejectedStepsAreMarked() throws {
    let item = try #require(FigureCase.all.first { $0.name == "poisson" })
    let run = try item.run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    let found = try figures(of: run, only: ["steps", "loss", "residual"])
    let steps = try #require(found.first { $0.name == "steps" })
    #expect(steps.panels.map(\.y.label) == ["step size h", "error estimate"])
    #expect(
      steps.panels[1].layers.contains { if case .level(1) = $0.content { true } else { false } })
    var counts: [String: Int] = [:]
    for layer in steps.panels[0].layers {
      switch layer.content {
      case .line(let x, _), .points(let x, _): counts[layer.label] = x.count
      default: break
      }
    }
    #expect(counts["accepted"] == run.steps && counts["rejected", default: 0] == run.rejected)
    let residual = try #require(found.first { $0.name == "residual" })
    guard case .points(let x, let y)? = residual.panels[0].layers.last?.content else {
      throw Missing()
    }
    // As many as the plan has for this kind of problem, all inside.
    #expect(
      x.count == 1200 && x.allSatisfy { $0 > 0 && $0 < 1 } && y.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(residual.note == "dots: 1200 points of the training's last steps")
  }

  /// Data, the fit, the truth and what lies beyond; the true terms are -0.9·x·y and 0.8·x·y.
  @Test func fitHasItsParts() throws {
    let item = try #require(FigureCase.all.first { $0.name == "lotka-volterra-ude" })
    let run = try item.run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    let found = try figures(of: run, only: ["fit", "terms"])
    #expect(
      found[0].panels[0].legend == ["beyond the training data", "truth", "data, ±σ", "fit"])
    guard case .strip(let from, let to) = found[0].panels[0].layers[0].content else {
      throw Missing()
    }
    #expect(from == 3 && to == 20)
    let last = found[0].panels[1].layers.suffix(2).map(\.content)
    guard case .bars(let t, _, let sigma) = last[0], case .line = last[1] else { throw Missing() }
    #expect(t.count == 31 && sigma.allSatisfy { $0 == 0.0507 })
    let truth = try #require(found[1].panels[0].layers.first)
    guard case .line(let place, let term) = truth.content else { throw Missing() }
    #expect(truth.label == "truth" && found[1].panels.map(\.y.label) == ["U1", "U2"])
    let reference = try #require(
      try? String(contentsOfFile: "\(run.path)/lotka-volterra-ude.csv", encoding: .utf8))
    let rows = reference.split(separator: "\n").map {
      $0.split(separator: ",").compactMap { Double($0) }
    }
    for (t, value) in zip(place, term) {
      guard let row = rows.first(where: { $0.count == 3 && $0[0] == t }) else { continue }
      // Differences of order 4 with steps of 0.1 where the solution's rates are some 2 to 10.
      #expect((value + 0.9 * row[1] * row[2]).magnitude < 0.05 * (1 + value.magnitude))
    }
  }

  /// The error against the truth stands below the loss, over the same steps.
  @Test func errorsAreOverTheSteps() throws {
    let item = try #require(FigureCase.all.first { $0.name == "poisson" })
    let run = try item.run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    try "step,tau,seconds,u,v\n1,1,1,0.5,NaN\n4,2,2,1e-3,0.2\n8,3,3,1e-5,0\n"
      .write(toFile: "\(run.path)/errors.csv", atomically: true, encoding: .utf8)
    let panels = try #require(try figures(of: run, only: ["loss"]).first).panels
    #expect(panels.count == 2 && panels[1].y.label == "relative error")
    #expect(panels[1].x.first == panels[0].x.first && panels[1].x.last == panels[0].x.last)
    #expect(panels[0].x.label.isEmpty && panels[1].x.label == "step")
    guard case .line(let steps, let errors) = panels[1].layers[0].content else { throw Missing() }
    #expect(panels[1].legend == ["u", "v"] && panels[1].y.scale == .logarithmic)
    #expect(steps == [1, 4, 8] && errors == [0.5, 1e-3, 1e-5])
  }

  /// Of two swept names the one with more values is told by colour, the other by panels; cases that
  /// are no product of values have a legend.
  @Test func sweptNamesAreToldApart() throws {
    let item = try #require(FigureCase.all.first { $0.sweeps.count == 2 })
    let run = try item.run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    let figure = try #require(try figures(of: run).first)
    #expect(figure.panels.map(\.title) == ["r = 1", "r = 2"])
    #expect(figure.panels.allSatisfy { $0.colours?.label == "K" && $0.colours?.high == 3 })
    #expect(
      figure.panels[0].y == Axis("n", from: figure.panels[1].y.first, to: figure.panels[1].y.last))
    let path = "\(run.path)/trajectory.csv"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let some = lines.dropFirst().filter { $0.hasPrefix("1,1,") || $0.hasPrefix("2,3,") }
    try ([lines[0]] + some).joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let panels = try #require(try figures(of: run).first).panels
    #expect(panels.count == 1 && panels[0].colours == nil)
    #expect(panels[0].legend == ["r = 1, K = 1", "r = 2, K = 3"])
  }

  @Test func comparisonHasARowForEach() throws {
    let item = try #require(FigureCase.all.first { $0.verb == .compare })
    let run = try item.run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    let panel = try #require(try figures(of: run).first).panels[0]
    #expect(panel.y.names == ["adam", "gradient", "classical"] && panel.x.scale == .logarithmic)
  }

  private struct Missing: Error {}
}
