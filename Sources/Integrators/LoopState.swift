import Numerics

/// What changes with every step, in memory of its own: as stored properties of the loop each use would
/// pay for an access check, some forty a step and half the time of a small system.
struct LoopState {
  var y: Vector
  var yNew: Vector
  var t = 0.0
  var end = 0.0
  var direction = 1.0
  var hNext = 0.0
  var memory = StepControl.Memory()
  var nextRow = 0
  var steps = 0
  var rejected = 0
  var isInterpolantReady = false
}

extension Integration {
  var y: Vector {
    get { state.pointee.y }
    set { state.pointee.y = newValue }
  }
  var yNew: Vector {
    get { state.pointee.yNew }
    set { state.pointee.yNew = newValue }
  }
  var t: Double {
    get { state.pointee.t }
    set { state.pointee.t = newValue }
  }
  var end: Double {
    get { state.pointee.end }
    set { state.pointee.end = newValue }
  }
  var direction: Double {
    get { state.pointee.direction }
    set { state.pointee.direction = newValue }
  }
  var hNext: Double {
    get { state.pointee.hNext }
    set { state.pointee.hNext = newValue }
  }
  var memory: StepControl.Memory {
    get { state.pointee.memory }
    set { state.pointee.memory = newValue }
  }
  var nextRow: Int {
    get { state.pointee.nextRow }
    set { state.pointee.nextRow = newValue }
  }
  var steps: Int {
    get { state.pointee.steps }
    set { state.pointee.steps = newValue }
  }
  var rejected: Int {
    get { state.pointee.rejected }
    set { state.pointee.rejected = newValue }
  }
  var isInterpolantReady: Bool {
    get { state.pointee.isInterpolantReady }
    set { state.pointee.isInterpolantReady = newValue }
  }
}
