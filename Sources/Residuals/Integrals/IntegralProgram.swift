import Expressions
import Problems

/// An integral that is lowered: fields at the nodes of a rule, and the integrand there.
///
/// I(x) = Σⱼ wⱼ(x)·g(sⱼ(x); x, fields at places of (sⱼ, x), inner integrals), where nodes and places
/// depend on the point alone and are computed once for each set of points.
struct IntegralProgram: Sendable {
  /// Fields at one place.
  struct Place: Sendable {
    /// The place, by the columns and the bound variable.
    var arguments: Program
    /// What stands for the fields in the integrand.
    var stands: [Symbol]
    /// The fields there as they are.
    var fields: PointProgram
    /// ∂g by each of the fields.
    var slopes: [PointProgram.Source]
  }

  let symbol: Symbol
  /// What stands for the bound variable.
  let bound: Symbol
  let rule: PanelRule
  /// What is read of what the point around knows without θ.
  let columns: [Symbol]
  /// Leaves and integrals of the point around that are read.
  let outer: [Symbol]
  /// Estimates that the integrand holds.
  let estimates: [Symbol]
  /// Limits and kinks, by the columns.
  let edges: Program
  let places: [Place]
  /// In the order of evaluation.
  let inner: [IntegralProgram]
  /// g.
  let values: Program
  /// g, then the derivatives that vary.
  let tangents: Program
  /// ∂g by each of the inner integrals.
  let innerSlopes: [PointProgram.Source]
  /// ∂g by each of ``directLeaves``.
  let directSlopes: [PointProgram.Source]
  /// Whether it is the same at all points.
  let isConstant: Bool

  /// What it depends on beside the fields under it.
  var directLeaves: [Symbol] { outer + estimates }

  /// How many nodes it has for one point around, those of integrals inside among them.
  var nodeCount: Int { inner.reduce(rule.count) { $0 + rule.count * $1.nodeCount } }

  /// What a pass over its nodes costs, in jets times widths, for one point around.
  func jetWidths(_ layout: ParameterLayout) -> Int {
    if isConstant { return 0 }
    let places = places.reduce(0) { $0 + $1.fields.jetWidths(layout) }
    return rule.count * inner.reduce(places) { $0 + $1.jetWidths(layout) }
  }
}

/// Lowers integrals of one level; what each may read grows with those before.
struct IntegralLowering {
  /// The most nodes of an integral: what networks keep of them takes some 100 MB.
  static let nodeLimit = 50_000

  let model: FieldModel
  /// 1, or how many times as many panels as the probe chooses.
  let refinement: Int
  private let probe: IntegralProbe

  init(_ model: FieldModel, refinement: Int) {
    self.model = model
    self.refinement = refinement
    probe = IntegralProbe(model.calculus, features: model.inputs[0].expressions)
  }

  /// Lowers the integrals of a point of the domain.
  ///
  /// - Throws: ``IntegralFault``, `DifferentiationError`, `ProgramError`, `GSLError`.
  func programs(_ forms: [IntegralForm]) throws -> [IntegralProgram] {
    if forms.isEmpty { return [] }
    return try programs(forms, columns: model.pointNames, at: try probe.places())
  }

  private func programs(_ forms: [IntegralForm], columns: [Symbol], at places: [[Double]]) throws
    -> [IntegralProgram]
  {
    var constant: Set<Symbol> = []
    return try forms.map { form in
      let program = try program(form, columns, places, constant)
      guard program.nodeCount <= Self.nodeLimit else {
        throw IntegralFault(
          message: "\(form.text) takes \(program.nodeCount) nodes, and \(Self.nodeLimit) are most",
          remedy: "nest fewer integrals")
      }
      if program.isConstant { constant.insert(program.symbol) }
      return program
    }
  }

  private func program(
    _ form: IntegralForm, _ around: [Symbol], _ samples: [[Double]], _ constant: Set<Symbol>
  ) throws -> IntegralProgram {
    let chosen = try probe.rule(form, around, at: samples)
    // Of nested integrals the innermost alone is refined: nodes multiply.
    let rule =
      form.isPlace || !form.inner.isEmpty
      ? chosen : try PanelRule(pieces: chosen.pieces, panels: refinement * chosen.panels)
    let inner =
      form.inner.isEmpty
      ? []
      : try programs(
        form.inner, columns: around + [form.bound],
        at: try probe.places(in: form, around, at: samples))
    let all = model.layout.estimates.map { Symbol($0.name) }
    let columns = around.filter(form.context.contains)
    let outer = form.context.subtracting(around).subtracting(all)
      .sorted { $0.description < $1.description }
    let here = columns + [form.bound]
    let chain = ChainRule(integrals: inner)
    let fields = form.places.flatMap(\.fields)
    let inputs = Inputs(
      point: here, state: fields.map(\.stand) + chain.symbols + outer, parameters: all)
    var table = SourceTable(first: 1)
    func slope(_ leaf: Symbol) throws -> PointProgram.Source {
      table.source(try chain.derivative(of: form.body, by: leaf))
    }
    let estimates = all.filter(form.context.contains)
    let directSlopes = try (outer + estimates).map(slope)
    let innerSlopes = try inner.map { try slope($0.symbol) }
    let places = try form.places.map { place in
      IntegralProgram.Place(
        arguments: try Program(place.arguments, inputs: Inputs(point: here)),
        stands: place.fields.map(\.stand),
        fields: try PointProgram(place.fields.map { .symbol($0.field) }, model),
        slopes: try place.fields.map { try slope($0.stand) })
    }
    return IntegralProgram(
      symbol: form.symbol, bound: form.bound, rule: rule, columns: columns, outer: outer,
      estimates: estimates,
      edges: try Program([form.lower, form.upper] + form.kinks, inputs: Inputs(point: columns)),
      places: places, inner: inner, values: try Program([form.body], inputs: inputs),
      tangents: try Program([form.body] + table.columns, inputs: inputs),
      innerSlopes: innerSlopes, directSlopes: directSlopes,
      isConstant: columns.isEmpty && outer.allSatisfy(constant.contains))
  }
}
