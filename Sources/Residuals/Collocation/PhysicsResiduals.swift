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

  let calculus: FieldCalculus
  let ansatz: Ansatz
  let inputs: InputFeatures
  let field: NetworkField
  var groups: [ResidualGroup] = []
  let workers: [ResidualWorker]
  private(set) lazy var unknowns = FieldTable(unknownProgram, workers)
  private(set) lazy var equations = FieldTable(groups[0].program, workers)
  private let unknownProgram: PointProgram

  /// Draws the first points, and balances the blocks where the plan has no weights.
  ///
  /// - Parameter threads: how many workers share the chunks; BLAS runs on one thread inside.
  /// - Throws: `ProblemFaults` for an equation that cannot be differentiated, `GSLError` for a
  ///   forcing that cannot be fitted.
  public init(_ problem: Problem, _ plan: PhysicsPlan, threads: Int) throws {
    precondition(threads > 0, "\(threads) threads")
    self.problem = problem
    self.plan = plan
    self.threads = threads
    calculus = FieldCalculus(problem)
    let built = plan.conditions.indices.filter { plan.conditions[$0].isExact }
    let faces = built.flatMap { (try? FaceCondition.read($0, FieldCalculus(problem))) ?? [] }
    let scales = Dictionary(uniqueKeysWithValues: zip(problem.allUnknowns, plan.scales))
    ansatz = try Ansatz(calculus, faces, scales: scales)
    inputs = InputFeatures(calculus, harmonics: plan.harmonics, frequencies: plan.frequencies)
    precondition(
      plan.shape.inputs == inputs.expressions.count
        && plan.shape.outputs == problem.allUnknowns.count,
      "a network of another problem: \(plan.shape)")
    field = try NetworkField(problem, plan.shape)
    parameterCount = plan.shape.parameterCount
    unknownProgram = try PointProgram(
      problem.allUnknowns.map { .symbol($0) }, ansatz, inputs)
    let field = field
    workers = (0..<threads).map { _ in ResidualWorker(field) }
    try makeGroups()
    deal()
    if self.plan.weights == nil { self.plan.weights = balance() }
    setWeights(self.plan.weights ?? [])
  }

  /// Where training starts.
  public var initialParameters: [Double] { plan.shape.initialParameters(seed: plan.seed) }

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
      row += groups[index].count(field.dimension) * groups[index].names.count
    }
    residualCount = row
    for worker in workers { worker.tasks = [] }
    let kits = workers.map { worker in groups.map { worker.kit($0.program) } }
    var done = 0
    for (index, group) in groups.enumerated() {
      let count = group.count(field.dimension)
      let capacity = kits[0][index].capacity
      for start in stride(from: 0, to: count, by: capacity) {
        let size = min(capacity, count - start)
        // The worker in whose share the middle of the chunk lies.
        let middle = done + size * group.names.count / 2
        let worker = min(middle * threads / max(row, 1), threads - 1)
        let kit = kits[worker][index]
        workers[worker].tasks.append(
          ResidualWorker.Task(
            group: index, kit: kit, chunk: PointChunk(kit, count: size), start: start,
            row: group.firstRow + start, pitch: count, scales: group.weights))
        done += size * group.names.count
      }
    }
    fill()
  }

  /// Computes in every chunk what depends on the points alone.
  func fill() {
    let groups = groups
    run { worker in
      for task in worker.tasks {
        let group = groups[task.group]
        task.chunk.fill(group.points, from: task.start, measurements: group.measurements)
      }
    }
  }

  /// Sets the weight of each block, and names the blocks.
  func setWeights(_ weights: [Double]) {
    var index = 0
    blocks = []
    for place in groups.indices {
      let count = groups[place].count(field.dimension)
      for (expression, name) in groups[place].names.enumerated() {
        let weight = index < weights.count ? weights[index] : 1
        groups[place].weights[expression] = weight
        let first = groups[place].firstRow + expression * count
        blocks.append(ResidualBlock(name: name, rows: first..<(first + count), weight: weight))
        index += 1
      }
    }
    for worker in workers {
      for task in worker.tasks.indices {
        let group = groups[worker.tasks[task].group]
        let count = Double(group.count(field.dimension))
        worker.tasks[task].scales = group.weights.map { ($0 / count).squareRoot() }
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
