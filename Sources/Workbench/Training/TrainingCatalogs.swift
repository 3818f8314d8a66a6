import Flows
import Integrators
import Networks
import Reports
import Residuals

/// The names that the sections `network` and `train` take, for `cauchy methods`.
enum TrainingCatalogs {
  private struct Catalog {
    var heading: String
    var key: String
    var rows: [(name: String, summary: String)]
  }

  private static let all = [
    Catalog(
      heading: "controls of lie2", key: "train.control",
      rows: ModelControl.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "scalings", key: "train.scaling",
      rows: FlowScaling.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "kinds of residual", key: "train.residual",
      rows: ResidualKind.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "samplers", key: "train.points.sampler",
      rows: Sampler.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "refinements", key: "train.points.refine",
      rows: PointRefinement.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "ways to cut trajectories", key: "train.shooting",
      rows: ShootingKind.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "gradients of trajectories", key: "train.gradient",
      rows: TrajectoryGradient.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "regularisers", key: "train.regularize",
      rows: RegularizerKind.allCases.map { ($0.rawValue, "\($0.summary) [\($0.source)]") }
        + DynamicsPenalty.allCases.map {
          ($0.rawValue, "of trajectories: \($0.summary) [\($0.source)]")
        }),
    Catalog(
      heading: "kinds of network", key: "network.kind",
      rows: NetworkKind.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "activations", key: "network.activation",
      rows: Activation.allCases.map { ($0.rawValue, $0.summary) }),
    Catalog(
      heading: "initialisations", key: "network.init",
      rows: Initialization.allCases.map { ($0.rawValue, $0.summary) }),
  ]

  /// Lines for people.
  static var lines: [String] {
    var lines = ["flows (train.flow), and the steppers that go with each (train.stepper)"]
    let width = FlowCatalog.all.map(\.name.count).max() ?? 0
    for flow in FlowCatalog.all {
      lines.append("  \(padded(flow.name, width))  \(flow.summary) [\(flow.source)]")
      let others = flow.steppers.filter { $0 != flow.defaultStepper }
      lines += MethodsWorkflow.wrapped(
        ["\(flow.defaultStepper) (default)"] + others, margin: width + 3)
    }
    for catalog in all {
      lines.append("\(catalog.heading) (\(catalog.key))")
      let width = catalog.rows.map(\.name.count).max() ?? 0
      lines += catalog.rows.map { "  \(padded($0.name, width))  \($0.summary)" }
    }
    return lines
  }

  static var json: JSONValue {
    let flows = FlowCatalog.all.map { flow in
      JSONValue.object([
        ("name", .text(flow.name)), ("summary", .text(flow.summary)),
        ("source", .text(flow.source)), ("steppers", .list(flow.steppers.map(JSONValue.text))),
        ("default_stepper", .text(flow.defaultStepper)),
      ])
    }
    return .object(
      [("train.flow", .list(flows))]
        + all.map { catalog in
          (
            catalog.key,
            .list(
              catalog.rows.map {
                .object([("name", .text($0.name)), ("summary", .text($0.summary))])
              })
          )
        })
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
