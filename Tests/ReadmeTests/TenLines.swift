import Cauchy

func vanDerPol() throws -> Double {
  let field = VectorField(dimension: 2) { t, y, dydt in
    dydt[0] = y[1]
    dydt[1] = (1 - y[0] * y[0]) * y[1] - y[0]
  }
  let orbit = try solve(field, from: 0, to: 20, initial: [2, 0], rtol: 1e-9)
  return orbit.value(at: 12.345)[0]
}
