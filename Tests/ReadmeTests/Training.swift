import Cauchy

func membrane(_ file: String) throws -> (middle: Double, losses: [Double]) {
  var losses: [Double] = []
  let model = try train(problemFile: file, set: ["train.stop.steps=25"]) { event in
    if case .step(let row) = event { losses.append(row.loss) }
  }
  return (model.value(of: "u", at: [0.5, 0.5]), losses)
}
