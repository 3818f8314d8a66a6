import Integrators
import Numerics

extension TrajectoryWorker {
  /// Writes a segment's residuals and adds its part of Jᵀw to ``gradient``; false where it diverges.
  ///
  /// - Parameter weights: w, `[N]`; the residuals themselves if nil.
  func differentiate(
    _ parameters: Vector, _ index: Int, _ all: TrajectoryResiduals, residual: Vector,
    weights: Vector?
  ) -> Bool {
    guard let run = runs[index], let adjoint else { return true }
    field.set(parameters)
    guard let y0 = initialState(parameters, run.segment, all) else { return false }
    let n = all.dimension
    let w = weights ?? residual
    let rows = all.dataRows[index]
    let seeds = seeds.vector
    let end = seeds.slice(seeds.count - 2 * n, n)
    let start = seeds.slice(seeds.count - n, n)
    seeds.fill(0)
    var (next, station) = (0, 0)
    let report = try? run.record(y0, for: adjoint, isCancelled: watch(index, all)) { row, y in
      while next < rows.count, rows[next].row == row {
        let entry = rows[next]
        let scale = all.scale(column: entry.column)
        residual[entry.residual] = (entry.value(y) - entry.value) * scale
        for term in entry.terms {
          seeds[station * n + term.place] += w[entry.residual] * scale * term.weight
        }
        next += 1
      }
      station += 1
    } end: { y in
      guard run.segment.isContinued else { return }
      for i in 0..<n {
        let (row, scale) = (all.gapRows[index] + i, all.gapScale(i))
        residual[row] = (y[i] - nextState(parameters, index, i, all)) * scale
        end[i] = w[row] * scale
        let unknown = all.shooting.segments[index + 1].unknowns[i]
        gradient.vector[all.layout.count + unknown] -=
          w[row] * scale * all.shooting.scales[unknown]
      }
    }
    guard close(report, index, reached: next == rows.count),
      adjoint.reverse(
        seeds: seeds, end: end, into: start,
        addingTo: gradient.vector.slice(0, all.layout.count))
    else { return false }
    pullStart(run.segment, start, all)
    return true
  }

  /// Takes weights on the initial state to what it is made of.
  private func pullStart(
    _ segment: ShootingLayout.Segment, _ start: Vector, _ all: TrajectoryResiduals
  ) {
    for (place, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
      gradient.vector[all.layout.count + unknown] += start[place] * all.shooting.scales[unknown]
    }
    let offset = all.layout.networkCount
    starts.slopes(segment, field) { row, column, slope in
      if segment.unknowns[row] < 0 { gradient.vector[offset + column] += start[row] * slope }
    }
  }

  /// Writes a segment's part of J·v; false where it diverges.
  func product(
    _ parameters: Vector, _ direction: Vector, _ index: Int, _ all: TrajectoryResiduals,
    into result: Vector
  ) -> Bool {
    guard let run = runs[index], let tangent else { return true }
    field.set(parameters)
    let (segment, n, count) = (run.segment, all.dimension, all.layout.count)
    tangent.direction.vector.assign(direction.slice(0, count))
    guard var state = initialState(parameters, segment, all) else { return false }
    state += [Double](repeating: 0, count: n)
    starts.slopes(segment, field) { row, column, slope in
      state[n + row] += slope * direction[all.layout.networkCount + column]
    }
    for (place, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
      state[n + place] = all.shooting.scales[unknown] * direction[count + unknown]
    }
    if let mass = field.mass {
      guard let moved = ConsistentSlopes.project(state, tangent, mass, segment.start) else {
        return false
      }
      state = moved
    }
    let rows = all.dataRows[index]
    var next = 0
    let report = try? run.linearize(state, isCancelled: watch(index, all)) { row, y in
      while next < rows.count, rows[next].row == row {
        let entry = rows[next]
        result[entry.residual] = entry.value(y.slice(n, n)) * all.scale(column: entry.column)
        next += 1
      }
    } end: { y in
      guard segment.isContinued else { return }
      for i in 0..<n {
        let unknown = all.shooting.segments[index + 1].unknowns[i]
        result[all.gapRows[index] + i] =
          (y[n + i] - direction[count + unknown] * all.shooting.scales[unknown]) * all.gapScale(i)
      }
    }
    return close(report, index, reached: next == rows.count)
  }
}
