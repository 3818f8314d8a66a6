import Dispatch
import Expressions
import Networks
import Numerics
import Problems

/// The equations of a problem at points, its penalised conditions and its data, as least squares.
///
/// Unknowns are outputs of one network, wrapped so that the exact conditions hold (``Ansatz``).
/// A residual is √(weight/N) times what is left of an equation at one of N points. Chunks of points
/// are dealt to workers once and for all, and their sums are added in a fixed order: the same count
/// of threads gives the same bytes.
public final class PhysicsResiduals: LeastSquares {
  /// The problem.
  public let problem: Problem
  /// The choices, weights filled in.
  public private(set) var plan: PhysicsPlan
  /// How many workers there are.
  public let threads: Int
  /// P.
  public let parameterCount: Int
  /// N.
  public private(set) var residualCount = 0
  /// Equations, penalised conditions, data.
  public private(set) var blocks: [ResidualBlock] = []

  /// What θ stands for.
  public let layout: ParameterLayout
  /// What the problem's given leaves are, where it is a window after the first.
  public let following: GivenField?

  let calculus: FieldCalculus
  let model: FieldModel
  let field: NetworkField
  var groups: [ResidualGroup] = []
  let workers: [ResidualWorker]
  /// Behind the groups' rows.
  private(set) var regularizers = RegularizerStack(behind: 0)
  private(set) var regularizerWeights = Storage(0)
  private(set) lazy var unknowns = FieldTable(unknownProgram, workers)
  private(set) lazy var equations = FieldTable(equationProgram, workers)
  /// First derivatives, by unknown, then by variable; where the plan refines by them.
  private(set) lazy var gradients = gradientProgram.map { FieldTable($0, workers) }
  private let unknownProgram: PointProgram
  /// What is left of the equations at a point, whatever kind of residuals the training has; with
  /// rules of twice the panels for integrals, so that what training's rules miss is seen.
  private let equationProgram: PointProgram
  private let gradientProgram: PointProgram?

  /// Draws the first points, and balances the blocks where the plan has no weights.
  ///
  /// - Parameters:
  ///   - threads: how many workers share the chunks; BLAS runs on one thread inside.
  ///   - following: what a window after the first starts from; see ``initialParameters``.
  /// - Throws: `ProblemFaults` for an equation that cannot be differentiated, `GSLError` for a
  ///   forcing that cannot be fitted.
  public init(
    _ problem: Problem, _ plan: PhysicsPlan, threads: Int, following: GivenField? = nil
  ) throws {
    precondition(threads > 0, "\(threads) threads")
    self.following = following
    self.problem = problem
    self.plan = plan
    self.threads = threads
    calculus = FieldCalculus(problem)
    let built = plan.conditions.indices.filter { plan.conditions[$0].isExact }
    let faces = built.flatMap { (try? FaceCondition.read($0, FieldCalculus(problem))) ?? [] }
    let scales = Dictionary(uniqueKeysWithValues: zip(problem.allUnknowns, plan.scales))
    layout = ParameterLayout(problem, solution: plan.shape, coefficients: plan.coefficients)
    let solution = InputFeatures(
      calculus, harmonics: plan.harmonics, frequencies: plan.frequencies)
    precondition(
      plan.shape.inputs == solution.expressions.count
        && plan.shape.outputs == problem.allUnknowns.count,
      "a network of another problem: \(plan.shape)")
    let calculus = calculus
    let coefficients = problem.networks.map { network in
      InputFeatures(calculus, inputs: network.inputs.map(\.expression))
    }
    model = FieldModel(
      ansatz: try Ansatz(calculus, faces, scales: scales), layout: layout,
      inputs: [solution] + coefficients)
    field = try NetworkField(problem, layout)
    parameterCount = layout.count
    unknownProgram = try PointProgram(problem.allUnknowns.map { .symbol($0) }, model)
    let slopes = problem.allUnknowns.flatMap { unknown in
      problem.variables.map { Expression.symbol(Symbol(unknown, [$0.name])) }
    }
    gradientProgram = plan.refine == .variation ? try PointProgram(slopes, model) : nil
    equationProgram = try Self.program(
      problem.equations.map { calculus.constant($0.residual) }, problem.equations.map(\.source),
      model, refinement: 2)
    let field = field
    workers = (0..<threads).map { _ in ResidualWorker(field) }
    try makeGroups()
    try prepareGiven()
    deal()
    regularizers = makeRegularizers()
    residualCount = regularizers.end
    regularizerWeights = Storage(regularizers.entries.map(\.rows.count).max() ?? 0)
    if self.plan.weights == nil { self.plan.weights = balance() }
    setWeights(self.plan.weights ?? [], physics: physicsFactor(round: 0))
    let start = Storage(initialParameters)
    defer { start.keep() }
    weighInTime(start.vector)
  }

  /// Where training starts: at the network as it is initialised; after the first window at that of
  /// the window before, its last layer zero.
  ///
  /// The layers below have learned what such fields are made of, and the first steps find how they go
  /// together now; with the last layer as it was, the field would be wrong by all that has happened,
  /// and training stalls (Allen-Cahn: a loss of 2e-3 after 80 steps, and 2e-7).
  public var initialParameters: [Double] {
    guard var parameters = following?.parameters else {
      return layout.initialParameters(seed: plan.seed)
    }
    for block in plan.shape.outputBlocks {
      for index in block.offset..<(block.offset + block.count) { parameters[index] = 0 }
    }
    return parameters
  }

  /// Readies what programs ask of the window before.
  private func prepareGiven() throws {
    let programs = groups.map(\.program) + [unknownProgram, equationProgram]
    for program in programs + [gradientProgram].compactMap(\.self) {
      try following?.prepare(program.given)
    }
  }

  /// Leaves of the unknowns, readied to be evaluated anywhere.
  func table(_ leaves: [Symbol]) throws -> FieldTable {
    let program = try PointProgram(leaves.map { .symbol($0) }, model)
    try following?.prepare(program.given)
    return FieldTable(program, workers)
  }

  /// The interior points, in the order of the equations' rows.
  public var points: [[Double]] {
    let flat = groups[0].points
    return stride(from: 0, to: flat.count, by: field.dimension).map {
      Array(flat[$0..<($0 + field.dimension)])
    }
  }

  // MARK: Chunks and workers

  /// Cuts the groups into chunks and deals them to the workers, each a run of about as many rows.
  func deal() {
    var row = 0
    for index in groups.indices {
      groups[index].firstRow = row
      row += groups[index].rows(field.dimension) * groups[index].names.count
    }
    residualCount = row
    for worker in workers { worker.tasks = [] }
    let kits = workers.map { worker in
      groups.map { group in
        let kit = worker.kit(group.program, bundle: group.bundle)
        return (kit: kit, bundles: group.mixing.map { BundleKit($0.copy(), kit) })
      }
    }
    var done = 0
    for (index, group) in groups.enumerated() {
      let count = group.count(field.dimension)
      let (blocks, pitch) = (group.names.count, group.rows(field.dimension))
      let capacity = kits[0][index].kit.capacity
      for start in stride(from: 0, to: count, by: capacity) {
        let size = min(capacity, count - start)
        let first = start / group.bundle * (group.mixing?.rowsPerBlock ?? 1)
        // The worker in whose share the middle of the chunk lies.
        let middle = done + size * blocks / 2
        let worker = min(middle * threads / max(row, 1), threads - 1)
        let (kit, bundles) = kits[worker][index]
        let task = ResidualWorker.Task(
          group: index, kit: kit, chunk: PointChunk(kit, count: size), start: start,
          row: group.firstRow + first, pitch: pitch, scales: group.weights, bundles: bundles)
        workers[worker].take(task)
        done += task.rowCount * blocks
      }
    }
    fill()
  }

  /// Computes in every chunk what depends on the points alone.
  func fill() {
    let groups = groups
    // The window before has workers of its own: it is asked before these work.
    let given = groups.map { following?.values($0.program.given, at: $0.points) ?? [] }
    run { worker in
      for task in worker.tasks {
        let group = groups[task.group]
        task.chunk.fill(
          group.points, from: task.start, measurements: group.measurements,
          given: given[task.group])
      }
    }
    fillWeights()
  }

  /// Takes the weights of the points into the chunks.
  func fillWeights() {
    for worker in workers {
      for task in worker.tasks {
        let group = groups[task.group]
        let weights = task.chunk.weights.vector
        for point in 0..<task.chunk.count {
          weights[point] = group.weight(of: (task.start + point) / group.bundle).squareRoot()
        }
      }
    }
  }

  /// Sets the weight of each block, and names the blocks.
  ///
  /// - Parameter physics: what the weights of all but measurements are multiplied by.
  func setWeights(_ weights: [Double], physics: Double = 1) {
    var index = 0
    blocks = []
    for place in groups.indices {
      let count = groups[place].rows(field.dimension)
      for (expression, name) in groups[place].names.enumerated() {
        let own = index < weights.count ? weights[index] : 1
        let weight = groups[place].noise == nil ? own * physics : own
        groups[place].weights[expression] = weight
        let first = groups[place].firstRow + expression * count
        blocks.append(ResidualBlock(name: name, rows: first..<(first + count), weight: weight))
        index += 1
      }
    }
    blocks += regularizers.blocks
    for worker in workers {
      for task in worker.tasks.indices {
        let group = groups[worker.tasks[task].group]
        let count = Double(group.rows(field.dimension))
        let unit = 1 / (group.noise?.deviation ?? 1)
        worker.tasks[task].scales = group.weights.map { unit * ($0 / count).squareRoot() }
      }
    }
  }

  /// Lets every worker work, each on its own share.
  func run(_ work: (ResidualWorker) -> Void) {
    let before = BLAS.threads
    BLAS.setThreads(1)
    defer { BLAS.setThreads(before) }
    if threads == 1 { return work(workers[0]) }
    // Each worker is used by one iteration alone, and what they write does not overlap.
    nonisolated(unsafe) let (workers, work) = (workers, work)
    DispatchQueue.concurrentPerform(iterations: threads) { work(workers[$0]) }
  }
}
