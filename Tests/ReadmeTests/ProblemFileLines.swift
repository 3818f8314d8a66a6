import Cauchy

func lorenz(_ file: String) throws -> Double {
  let orbit = try solve(problemFile: file, set: ["parameters.rho=99.65"])
  return orbit.value(of: "x", at: 0.12345)
}
