import Discretizations
import Expressions
import Networks
import Numerics
import Problems
import Reports
import Residuals

/// `model.safetensors`: the parameters of a trained network, and the problem that they solve.
enum ModelFile {
  static let fileName = "model.safetensors"
  /// Raised when older programs could not read the file any more.
  static let format = "1"

  /// Writes the parameters as tensors, by the blocks of the network.
  ///
  /// With windows, those of the k-th are named `windows.k.`, from 1. Metadata: `problem`, the text of problem.yaml; `format`; `network`, its shape in a line;
  /// `unknowns`, in the order of the outputs. The same model gives the same bytes.
  /// - Throws: `ReportError.cannotWrite`.
  static func write(_ model: LearnedModel, problem text: String, to path: String)
    throws(ReportError)
  {
    let layout = model.residuals.layout
    var tensors = model.windows.enumerated().flatMap { index, window in
      layout.networks.flatMap { piece in
        piece.shape.tensors(
          Array(window.parameters[piece.range]),
          prefix: prefix(index, of: model.plan.windows) + prefix(piece))
      }
    }
    tensors += estimates(layout, model.parameters)
    let shape = model.plan.shape
    let metadata = [
      "format": format, "problem": text, "network": words(shape),
      "unknowns": model.problem.allUnknowns.joined(separator: ","),
    ]
    try AtomicFile.write(Safetensors(tensors: tensors, metadata: metadata).bytes, to: path)
  }

  /// Writes the networks, estimates and sought initial states of a fit of trajectories.
  ///
  /// Metadata: `problem`, the text of problem.yaml; `format`; `unknowns`.
  /// - Throws: `ReportError.cannotWrite`.
  static func write(_ model: FittedModel, problem text: String, to path: String)
    throws(ReportError)
  {
    let layout = model.fit.layout
    var tensors = layout.networks.flatMap { piece in
      piece.shape.tensors(Array(model.parameters[piece.range]), prefix: prefix(piece))
    }
    tensors += estimates(layout, model.parameters)
    if !model.states.isEmpty {
      tensors.append(
        Safetensors.Tensor(name: "states", shape: [model.states.count], values: model.states))
    }
    let metadata = [
      "format": format, "problem": text,
      "unknowns": model.fit.problem.allUnknowns.joined(separator: ","),
    ]
    try AtomicFile.write(Safetensors(tensors: tensors, metadata: metadata).bytes, to: path)
  }

  /// The free number makes the model again, bit for bit; the value is for people.
  private static func estimates(_ layout: ParameterLayout, _ parameters: [Double])
    -> [Safetensors.Tensor]
  {
    layout.values(parameters).enumerated().flatMap { index, estimate in
      let z = parameters[layout.networkCount + index]
      return [("estimates.", estimate.value), ("free.", z)].map { word, number in
        Safetensors.Tensor(name: word + estimate.name, shape: [1], values: [number])
      }
    }
  }

  /// What the names of a network's tensors begin with: nothing for the unknowns' own.
  private static func prefix(_ piece: ParameterLayout.Piece) -> String {
    piece.name.map { "\($0)." } ?? ""
  }

  /// What the tensors of a window are named with.
  private static func prefix(_ window: Int, of count: Int) -> String {
    count == 1 ? "" : "windows.\(window + 1)."
  }

  private static func words(_ shape: NetworkShape) -> String {
    let widths = ([shape.inputs] + shape.hidden + [shape.outputs]).map(String.init)
    return "\(shape.kind.rawValue) \(widths.joined(separator: "-")) \(shape.activation.rawValue)"
  }

  /// Reads the parameters of a network, with windows of as many as were learned, and the text of the
  /// problem that they were trained on.
  ///
  /// - Throws: ``UsageFault`` where there is no model, or one of another network.
  static func read(_ run: String, _ layout: ParameterLayout, windows count: Int) throws -> (
    windows: [[Double]], problem: String?
  ) {
    let path = "\(run)/\(fileName)"
    do {
      let file = try Safetensors(bytes: try contents(path, run))
      guard file.metadata["format"] == format else {
        throw UsageFault(
          description: "\(path): not written by 'cauchy train', or by a later version of it")
      }
      var windows: [[Double]] = []
      for window in 0..<count {
        let prefix = prefix(window, of: count)
        // Windows that were not learned are not there.
        let isThere = file.tensors.contains { $0.name.hasPrefix(prefix) }
        if window > 0, !isThere { break }
        windows.append(try parameters(file, layout, prefix))
      }
      return (windows, file.metadata["problem"])
    } catch let fault as SafetensorsFault {
      throw UsageFault(description: "\(path): \(fault)")
    }
  }

  /// The problem of a run of `cauchy train`.
  ///
  /// - Throws: ``UsageFault`` where it is none, and the errors of reading problem.yaml.
  static func problem(of run: String) throws -> Problem {
    for name in [fileName, "problem.yaml"] where !FileBytes.exists("\(run)/\(name)") {
      throw UsageFault(
        description: "\(run) has no \(name); give the folder of a run of 'cauchy train'")
    }
    return try ProblemFile.read("\(run)/problem.yaml", [])
  }

  /// Reads the weights, free numbers and sought states of a fit of trajectories.
  ///
  /// - Throws: ``UsageFault`` where there is no model, or one of another problem.
  static func read(_ run: String, fit layout: ParameterLayout) throws -> (
    parameters: [Double], states: [Double]
  ) {
    let path = "\(run)/\(fileName)"
    do {
      let file = try Safetensors(bytes: try contents(path, run))
      return (try parameters(file, layout, ""), file["states"]?.values ?? [])
    } catch let fault as SafetensorsFault {
      throw UsageFault(description: "\(path): \(fault)")
    }
  }

  private static func parameters(
    _ file: Safetensors, _ layout: ParameterLayout, _ window: String
  ) throws -> [Double] {
    var parameters: [Double] = []
    for piece in layout.networks {
      parameters += try piece.shape.parameters(from: file, prefix: window + prefix(piece))
    }
    for estimate in layout.estimates {
      let name = "free." + estimate.name
      guard let tensor = file[name] else { throw SafetensorsFault.missing(name: name) }
      guard tensor.shape == [1] else {
        throw SafetensorsFault.shape(name: name, found: tensor.shape, expected: [1])
      }
      parameters += tensor.values
    }
    return parameters
  }

  private static func contents(_ path: String, _ run: String) throws -> [UInt8] {
    guard let bytes = FileBytes.read(path) else {
      throw UsageFault(
        description: "\(run) has no \(fileName); give the folder of a run of 'cauchy train'")
    }
    return bytes
  }
}

extension LearnedModel {
  /// Reads the model of a run of `cauchy train`.
  ///
  /// - Parameters:
  ///   - run: its folder.
  ///   - threads: how many work.
  /// - Throws: ``UsageFault`` where the folder holds no model or one of another network, and the
  ///   errors of reading problem.yaml.
  public convenience init(run: String, threads: Int = 1) throws {
    let path = "\(run)/problem.yaml"
    let problem = try ModelFile.problem(of: run)
    let plan = try PhysicsPlan(problem).untrained
    let layout = ParameterLayout(
      problem, solution: plan.shape, coefficients: plan.coefficients)
    let (learned, text) = try ModelFile.read(run, layout, windows: plan.windows)
    try self.init(problem, plan, threads: threads)
    for (index, parameters) in learned.enumerated() {
      if index > 0 { try addWindow() }
      self.parameters = parameters
    }
    if learned.count < plan.windows {
      warnings.append(
        "\(run): warning: \(learned.count) of \(plan.windows) windows were learned; there is nothing "
          + "beyond")
    }
    if text.map({ Array($0.utf8) }) != FileBytes.read(path) {
      warnings.append("\(path): warning: changed since the model was trained on it")
    }
  }
}

extension FittedModel {
  /// Reads the fit of a run of `cauchy train` with `train.unknowns: trajectory`.
  ///
  /// - Throws: ``UsageFault`` where the folder holds no such model, and the errors of reading
  ///   problem.yaml.
  public convenience init(run: String) throws {
    let problem = try ModelFile.problem(of: run)
    let fit = try TrajectoryFit(problem, FitChoices(problem).plan, threads: 1)
    let (parameters, states) = try ModelFile.read(run, fit: fit.layout)
    self.init(fit, parameters: parameters, states: states)
  }
}
