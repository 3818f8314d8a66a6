import Reports

/// DeepXDE's own example of Burgers' equation in the time that ours is given.
enum BenchTrainDeepXDE {
  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    let seconds = options.limited(60)
    let ours = try BenchTraining(
      "problems/burgers.yaml", ["train.seed=1", "train.stop.seconds=\(seconds)"],
      threads: options.workers
    ).run(goal: 0)
    let theirs = try BenchTrainPython.run(script(seconds, options)).first { $0.count == 4 }
    var note = "DeepXDE with PyTorch not found"
    if let theirs {
      let own = NumberText.text(theirs[1], digits: 3)
      note =
        "\(ours.steps) steps; theirs: \(Int(theirs[2])) of Adam, \(Int(theirs[3])) of L-BFGS in "
        + "\(own) s, float32 as in the example"
    }
    try give(
      .compare(
        "burgers, \(NumberText.text(seconds)) s / DeepXDE", .error(ours.error),
        theirs.map { .error($0[0]) }, atMost: 1, note: note))
  }

  /// The example with a limit in time: two thirds for Adam at most, the rest for L-BFGS.
  ///
  /// `examples/pinn_forward/Burgers.py`, but to t = 1 where it goes to 0.99. Prints error, seconds
  /// and iterations.
  private static func script(_ seconds: Double, _ options: BenchOptions) -> String {
    """
    import os, sys, time
    os.environ['DDE_BACKEND'] = 'pytorch'
    os.environ['OMP_WAIT_POLICY'] = 'passive'
    threads = \(options.workers)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    out, sys.stdout = sys.stdout, open(os.devnull, 'w')
    import numpy as np, torch, deepxde as dde
    torch.set_num_threads(threads)
    dde.config.set_random_seed(1)
    budget = \(seconds)
    class Limit(dde.callbacks.Callback):
        def __init__(self, end):
            super().__init__()
            self.end = end
        def on_epoch_end(self):
            if time.perf_counter() > self.end: self.model.stop_training = True
    def pde(x, y):
        dy_x = dde.grad.jacobian(y, x, i=0, j=0)
        dy_t = dde.grad.jacobian(y, x, i=0, j=1)
        dy_xx = dde.grad.hessian(y, x, i=0, j=0)
        return dy_t + y*dy_x - 0.01/np.pi*dy_xx
    geom = dde.geometry.GeometryXTime(dde.geometry.Interval(-1, 1),
        dde.geometry.TimeDomain(0, 1))
    bc = dde.icbc.DirichletBC(geom, lambda x: 0, lambda _, on_boundary: on_boundary)
    ic = dde.icbc.IC(geom, lambda x: -np.sin(np.pi*x[:, 0:1]), lambda _, on_initial: on_initial)
    data = dde.data.TimePDE(geom, pde, [bc, ic], num_domain=2540, num_boundary=80, num_initial=160)
    net = dde.nn.FNN([2] + [20]*3 + [1], 'tanh', 'Glorot normal')
    model = dde.Model(data, net)
    begin = time.perf_counter()
    model.compile('adam', lr=1e-3)
    model.train(iterations=15000, callbacks=[Limit(begin + budget*2/3)])
    adam = model.train_state.step
    dde.optimizers.config.LBFGS_options.update(iter_per_step=50, fun_per_step=62)
    model.compile('L-BFGS')
    model.train(callbacks=[Limit(begin + budget)])
    used = time.perf_counter() - begin
    table = np.loadtxt('problems/reference/burgers.csv', delimiter=',', skiprows=1)
    guess = model.predict(table[:, :2])[:, 0]
    error = np.linalg.norm(guess - table[:, 2])/np.linalg.norm(table[:, 2])
    print(error, used, adam, model.train_state.step - adam, file=out, flush=True)

    """
  }
}

extension BenchTable {
  static let trainDeepXDE = BenchTable(
    name: "train-deepxde",
    about: "relative L2 error of u against Cole and Hopf's solution, one seed; theirs: DeepXDE's "
      + "example (Adam, then L-BFGS) in the same time and threads, where python3 has it",
    group: "train", rows: ["deepxde"], body: BenchTrainDeepXDE.measure)
}
