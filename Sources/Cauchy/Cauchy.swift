// The umbrella: `import Cauchy` is all that a program needs.
//
// `Expression` is also a name in Foundation; where both are imported, write
// `Expressions.Expression`.
@_exported import Discretizations
@_exported import Expressions
@_exported import Flows
@_exported import Integrators
@_exported import Networks
@_exported import Numerics
@_exported import Problems
@_exported import Residuals
@_exported import Workbench
