import Numerics

/// A row of the catalog of steppers: what `cauchy methods` prints and a problem file names.
public struct StepperRow: Sendable, CustomStringConvertible {
  public let name: String
  /// Such as `5(4)` or `1-12`.
  public let order: String
  public let summary: String
  public let source: String
  /// Whether the method is for stiff systems.
  public let isImplicit: Bool
  public let takesMassMatrix: Bool
  /// Whether the method has no error estimate and needs a fixed step.
  public let needsFixedStep: Bool
  /// Whether the method is for the training of networks alone.
  public var isForTraining = false
  /// The law of step control that suits the method.
  public let control: StepControl
  fileprivate let make: @Sendable (VectorField, Tolerances) throws -> Stepper

  public var description: String { name }
}

/// All steppers by name; adding one is a file in `Steppers` and a row here.
public enum StepperCatalog {
  public static let all: [StepperRow] =
    [
      row(
        "auto", "5(4), 8(5,3), 5(4)", "switches between explicit and stiff methods, both ways",
        "Hairer & Wanner, Solving ODEs II, sec. IV.2", implicit: true, mass: true,
        control: StepControl(.I, safety: 0.85, largestFactor: 8)
      ) { Auto($0, $1) },
      row("tsit5", "5(4)", "explicit Runge-Kutta, free interpolant", "Tsitouras 2011") { field, _ in
        ExplicitRungeKutta(.tsit5, field)
      },
      row(
        "dop853", "8(5,3)", "explicit Runge-Kutta, dense output of order 7", "Hairer et al. 1993",
        control: eighthOrder
      ) { field, _ in Dop853(field) },
      row(
        "rodas5p", "5(4)", "Rosenbrock, stiffly accurate, mass matrix", "Steinebach 2023",
        implicit: true, mass: true, control: StepControl(.I, safety: 0.85, largestFactor: 8)
      ) { field, _ in Rodas5P(field) },
      row(
        "bdf", "1-5", "numerical differentiation formulas, mass matrix", "Shampine & Reichelt 1997",
        implicit: true, mass: true, control: StepControl(.I)
      ) { BDF($0, $1) },
      row(
        "rkc2", "2", "stabilised explicit, for diffusion: no linear algebra",
        "Sommeijer, Shampine & Verwer 1998"
      ) { RKC2($0, $1) },
      row(
        "rosenbrock-w", "2(1)", "Rosenbrock, keeps its order with an inexact Jacobian",
        "Verwer, Spee, Blom & Hundsdorfer 1999", implicit: true
      ) { field, _ in RosenbrockW(field) },
      row(
        "symplectic4", "4", "for separable second-order systems; keeps energy",
        "Forest & Ruth 1990",
        fixed: true
      ) { field, _ in try Symplectic4(separable: field) },
    ] + training + GSLStepKind.allCases.map(gslRow)

  /// The error of a long step of order 8 changes fast from step to step: a law that follows at
  /// once, with room for error, rejects the fewest.
  ///
  /// Pleiades to seven digits takes a fifth fewer evaluations than with the PI law.
  private static let eighthOrder = StepControl(.I, safety: 0.8)

  /// Steppers of gradient flows, which know more of their field than its rates.
  private static var training: [StepperRow] {
    let rows = [
      row(
        "lie2", "1", "linearly implicit Euler with quadratic correction, for training",
        "Transtrum & Sethna 2012", implicit: true, control: StepControl(.I)
      ) { field, _ in Lie2(try gradientFlow(field, "lie2")) },
      row(
        "recycled-euler", "1", "explicit Euler, its error from the gradient needed next anyway",
        "Wadia, Jordan & Muehlebach 2021", control: StepControl(.I)
      ) { field, tolerances in
        guard let field = field as? any DescendingField else {
          throw SteppingError.needsLeastSquares("recycled-euler")
        }
        return RecycledEuler(field, aim: tolerances.relative)
      },
      row(
        "exponential-rosenbrock", "2(1)", "exact on linear residuals, for small networks",
        "Hochbruck, Ostermann & Schweitzer 2009", implicit: true, control: StepControl(.I)
      ) { field, _ in
        let name = "exponential-rosenbrock"
        let limit = ExponentialRosenbrock.mostParameters
        guard field.dimension <= limit else {
          throw SteppingError.tooManyParameters(name, field.dimension, limit: limit)
        }
        return ExponentialRosenbrock(try gradientFlow(field, name))
      },
      row(
        "adam", "-", "steps of one length for each parameter, no error estimate",
        "Kingma & Ba 2015",
        control: StepControl(.I)
      ) { field, _ in Adam(field) },
    ]
    return rows.map {
      var row = $0
      row.isForTraining = true
      return row
    }
  }

  private static func gradientFlow(
    _ field: VectorField, _ name: String
  ) throws(SteppingError) -> any CurvedField {
    guard let field = field as? any CurvedField else { throw .needsLeastSquares(name) }
    return field
  }

  /// Makes the stepper of a row.
  ///
  /// - Throws: ``SteppingError`` when there is no such row or it does not suit the field.
  public static func make(
    _ name: String, _ field: VectorField, _ tolerances: Tolerances
  ) throws(SteppingError) -> Stepper {
    let row = try find(name)
    if field.mass != nil, !row.takesMassMatrix {
      throw .noMassMatrix(name, instead: all.filter(\.takesMassMatrix).map(\.name))
    }
    do {
      return try row.make(field, tolerances)
    } catch let error as SteppingError {
      throw error
    } catch let error as GSLError {
      throw .library(error)
    } catch {
      throw .library(GSLError(status: -1, during: "making \(name): \(error)"))
    }
  }

  /// The row of a name.
  public static func find(_ name: String) throws(SteppingError) -> StepperRow {
    guard let row = all.first(where: { $0.name == name }) else {
      throw .unknownMethod(name, nearest: nil)
    }
    return row
  }

  private static func row(
    _ name: String, _ order: String, _ summary: String, _ source: String, implicit: Bool = false,
    mass: Bool = false, fixed: Bool = false, control: StepControl = StepControl(.PI),
    make: @escaping @Sendable (VectorField, Tolerances) throws -> Stepper
  ) -> StepperRow {
    StepperRow(
      name: name, order: order, summary: summary, source: source, isImplicit: implicit,
      takesMassMatrix: mass, needsFixedStep: fixed, control: control, make: make)
  }

  private static func gslRow(_ kind: GSLStepKind) -> StepperRow {
    let (order, summary, implicit) = gslFacts(kind)
    // The multistep methods' own logic was built around GSL's law, 4.9 at most.
    let ownLaw = StepControl(.I, smallestFactor: 0.2, largestFactor: 4.9)
    let control =
      switch kind {
      case .rk8pd: eighthOrder
      case .msadams: ownLaw
      default: implicit ? ownLaw : StepControl(.PI)
      }
    return row(
      kind.rawValue, order, "GSL: " + summary, "GSL manual, odeiv2", implicit: implicit,
      control: control
    ) { try GSLStepper(kind, $0, $1) }
  }

  private static func gslFacts(_ kind: GSLStepKind) -> (String, String, Bool) {
    switch kind {
    case .rk2: ("2(3)", "explicit Runge-Kutta", false)
    case .rk4: ("4", "classical Runge-Kutta, step doubling", false)
    case .rkf45: ("5(4)", "Runge-Kutta-Fehlberg", false)
    case .rkck: ("5(4)", "Runge-Kutta-Cash-Karp", false)
    case .rk8pd: ("8(7)", "Runge-Kutta-Prince-Dormand", false)
    case .rk1imp: ("1", "implicit Euler, step doubling", true)
    case .rk2imp: ("2", "implicit midpoint, step doubling", true)
    case .rk4imp: ("4", "implicit Gauss, step doubling", true)
    case .bsimp: ("fixed at the start", "implicit Bulirsch-Stoer, Bader & Deuflhard", true)
    case .msadams: ("1-12", "Adams in Nordsieck form", false)
    case .msbdf: ("1-5", "BDF in Nordsieck form", true)
    }
  }
}
