/// Options that every verb which makes a run has.
public struct RunOptions: Sendable, Equatable {
  /// The folder for the results, exactly; nil for `outputs/<file stem>/<verb>-NNN`.
  public var out: String?
  /// Whether a run that the folder holds is replaced.
  public var force = false
  /// Keys of the problem file set anew, each `dotted.path=value`, in the order given.
  public var overrides: [String] = []
  /// How many threads work; nil for as many as there are cores.
  public var threads: Int?
  /// Whether progress and the closing lines are left out.
  public var quiet = false
  /// Whether the summary goes to standard output as JSON, and nothing else.
  public var json = false
  /// Formats of other programs that the results are written in as well, by their names in
  /// ``InterchangeCatalog``.
  public var also: [String] = []
  /// Whether several cases are solved into one table.
  var isSweep = false
  /// Whether figures are drawn when the run has ended; nil for on a terminal.
  public var figures: Bool?

  /// Makes the options of a command without any.
  public init() {}
}

/// Options of `cauchy solve`.
public struct SolveOptions: Sendable, Equatable {
  /// The problem file.
  public var file: String
  /// The options common to all runs.
  public var run = RunOptions()
  /// Swept names in the order given; the cases are their product, the last one varying fastest.
  public var sweeps: [Sweep] = []
  /// A CSV file of cases: a header of names, one case a row.
  public var sweepFile: String?
  /// The folder of an interrupted run that is gone on with.
  public var resume: String?
  /// Parameters, estimates and unknowns (for their initial values) to which the solution is
  /// differentiated.
  public var sensitivities: [String] = []
  /// The folder of a trained run whose networks and estimates are taken.
  public var model: String?
  /// What the unknowns' columns are given in the end, so that they can stand for measurements.
  public var noise: Noise?
  /// The seed of the noise; nil for 1.
  public var seed: Int?

  /// Makes the options of `cauchy solve FILE`.
  public init(file: String) { self.file = file }
}

/// Options of `cauchy train`.
public struct TrainOptions: Sendable, Equatable {
  /// The problem file.
  public var file: String
  /// The options common to all runs.
  public var run = RunOptions()
  /// The folder of a run that is gone on with, from its checkpoint.
  public var resume: String?
  /// The seed of all random numbers; nil for that of the file.
  public var seed: Int?

  /// Makes the options of `cauchy train FILE`.
  public init(file: String) { self.file = file }
}

/// Options of `cauchy predict`.
public struct PredictOptions: Sendable, Equatable {
  /// The folder of a trained run.
  public var run: String
  /// A CSV file with a column for each variable.
  public var points: String
  /// The file for the table; nil for standard output.
  public var out: String?
  /// Whether warnings are left out.
  public var quiet = false

  /// Makes the options of `cauchy predict RUN --at POINTS`.
  public init(run: String, points: String) {
    self.run = run
    self.points = points
  }
}

/// Options of `cauchy check`.
public struct CheckOptions: Sendable, Equatable {
  /// The problem files.
  public var files: [String]
  /// What is checked in the place of the only file's content: an editor's text that is not saved.
  public var text: [UInt8]?
  /// Keys of the problem files set anew, each `dotted.path=value`.
  public var overrides: [String] = []
  /// Whether nothing is said of a file that is right.
  public var quiet = false
  /// Whether the findings go to standard output as JSON.
  public var json = false
  /// More bytes than a problem file may have: the reader then says so.
  public static let largestText = (1 << 20) + 1

  /// Makes the options of `cauchy check FILES`.
  public init(files: [String]) { self.files = files }
}

/// Options of `cauchy list`.
public struct ListOptions: Sendable, Equatable {
  /// The folder that is searched for problem files.
  public var folder = "problems"
  /// Whether the list goes to standard output as JSON.
  public var json = false

  /// Makes the options of `cauchy list`.
  public init() {}
}

/// Options of `cauchy methods`.
public struct MethodsOptions: Sendable, Equatable {
  /// Methods to tell everything of; none for the table of all.
  public var names: [String] = []
  /// Whether the table goes to standard output as JSON.
  public var json = false

  /// Makes the options of `cauchy methods`.
  public init() {}
}

/// Options of `cauchy bench`.
public struct BenchOptions: Sendable, Equatable {
  /// Tables to measure, and rows of them, by name; none for all but those that take hours.
  public var tables: [String] = []
  /// How many runs a median is taken of.
  public var repeats = 5
  /// How many threads an ensemble uses; nil for as many as there are cores.
  public var threads: Int?
  /// Seconds that one training may take at most; nil for what its row says.
  public var seconds: Double?
  /// Whether the figures go to standard output as JSON.
  public var json = false

  /// Makes the options of `cauchy bench`.
  public init() {}
}
