import Problems

/// How the marching variable is used: causal weights.
extension PlanReader {
  /// ε of the causal weights; nil where there are none.
  mutating func causal() -> Double? {
    guard let text = declaration("train.causal")?.text, text != "off" else { return nil }
    choose("train.causal", text)
    guard let epsilon = declaration("train.causal").flatMap(number), epsilon > 0 else {
      refuse("train.causal", "'causal' is \(text), and weights need a positive number", "write off")
      return nil
    }
    if problem.marching == nil {
      refuse(
        "train.causal", "causal weights need a variable that marches, and here none does",
        "remove 'causal', or write off")
    }
    return epsilon
  }

  mutating func refuse(causal: Double?, without refresh: Int) {
    guard causal != nil, refresh == 0 else { return }
    refuse(
      "train.points.refresh", "causal weights follow the loss where points are drawn anew",
      "write 10, or remove 'causal'")
  }
}
