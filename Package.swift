// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A layer of the house: it may use the layers named in `on`, all of them below it.
func layer(_ name: String, on dependencies: [Target.Dependency], link: [LinkerSetting] = [])
  -> Target
{
  .target(
    name: name, dependencies: dependencies, swiftSettings: settings, linkerSettings: link)
}

func tests(of name: String, using dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    swiftSettings: settings)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "Cauchy",
  products: [
    .library(name: "Cauchy", targets: ["Cauchy"]),
    .executable(name: "cauchy", targets: ["CauchyCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // The order of the libraries decides which BLAS runs: OpenBLAS before GSL and UMFPACK, never
    // gslcblas.
    .systemLibrary(name: "CGSL"),
    .systemLibrary(name: "COpenBLAS"),
    .systemLibrary(name: "CSuiteSparse"),
    .systemLibrary(name: "CNLopt"),
    layer(
      "Numerics", on: ["CGSL", "COpenBLAS", "CSuiteSparse", "CNLopt"],
      link: [
        .linkedLibrary("openblas"), .linkedLibrary("umfpack"), .linkedLibrary("gsl"),
        .linkedLibrary("nlopt"), .linkedLibrary("m"),
      ]),
    layer("Expressions", on: ["Numerics"]),
    layer("Problems", on: ["Numerics", "Expressions", yams]),
    layer("Integrators", on: ["Numerics"]),
    // Activations and their derivatives over blocks of points, compiled for several processors.
    .target(name: "CKernels"),
    layer("Networks", on: ["Numerics", "CKernels"]),
    layer("Discretizations", on: ["Expressions", "Problems", "Integrators"]),
    layer("Residuals", on: ["Problems", "Integrators", "Networks", "Discretizations"]),
    layer("Flows", on: ["Integrators", "Residuals"]),
    layer("Reports", on: ["Numerics"]),
    // Hand-written C that `cauchy bench` measures against; it links the GSL of Numerics.
    .target(name: "CPeers"),
    layer(
      "Workbench",
      on: ["Problems", "Discretizations", "Integrators", "Flows", "Reports", "CPeers"]),
    // The page in the browser: the only target that sees an HTTP server.
    layer("Server", on: ["Workbench", "Reports", flyingFox, flyingSocks]),
    layer(
      "Cauchy",
      on: [
        "Numerics", "Expressions", "Problems", "Integrators", "Networks", "Discretizations",
        "Residuals", "Flows", "Workbench",
      ]),
    .executableTarget(
      name: "CauchyCommand", dependencies: ["Workbench", "Server", arguments],
      swiftSettings: settings),
    tests(of: "Numerics"),
    tests(of: "Expressions"),
    tests(of: "Problems"),
    tests(of: "Integrators"),
    tests(of: "Networks"),
    tests(of: "Discretizations"),
    tests(of: "Residuals", using: ["Problems"]),
    tests(of: "Flows", using: ["CPeers"]),
    tests(of: "Reports"),
    tests(of: "Workbench"),
    // Runs the built command, and a browser on its page.
    .testTarget(name: "ServerTests", dependencies: ["Server"], swiftSettings: settings),
    .testTarget(
      name: "ReadmeTests", dependencies: ["Cauchy"], swiftSettings: settings),
    // Runs the built command, and sees no module of it.
    .testTarget(name: "EndToEndTests", dependencies: ["Numerics"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
