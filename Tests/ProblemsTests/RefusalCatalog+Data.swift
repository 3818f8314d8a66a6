extension RefusalCatalog {
  /// Measurements that nothing can be fitted to, and splits that do not divide them.
  static let data: [Refusal] = [
    Refusal(
      "one point only",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n1,2\n"],
      gives: """
        d.csv:2:1: there is one row only; a trajectory is fitted to two rows or more
        1,2
        ^
        """),
    Refusal(
      "one point in a trajectory",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "trajectory,t,x\na,0,1\nb,1,1\na,2,2\n"],
      gives: """
        d.csv:3:3: there is one row only in trajectory 'b'; a trajectory is fitted to two rows or more
        b,1,1
          ^
        """),
    Refusal(
      "nothing measured",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,y,x\n0,,1\n1,,2\n"],
      gives: """
        d.csv:1:3: nothing is measured in column 'y'; fill it in, or remove it
        t,y,x
          ^
        """),
    Refusal(
      "blank start",
      Sample.oscillator.with("x = 1 at", "x = data at").adding("data: {file: d.csv}\n"),
      files: ["d.csv": "trajectory,t,x\na,0,1\na,1,2\nb,0,\nb,1,3\n"],
      gives: """
        d.csv:4:5: 'x' is blank in the first row in trajectory 'b', which gives its initial value; fill it in, or estimate the initial value
        b,0,
            ^
        """),
    Refusal(
      "blank label",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x,trajectory\n0,1,a\n1,2,\n"],
      gives: """
        d.csv:3:5: column 'trajectory' is blank here; name the trajectory
        1,2,
            ^
        """),
    split(
      "fractions out of range", "{validation: 1, test: {fraction: 0}}",
      """
      p.yaml:10:41: 'validation' is 1, and must be a fraction between 0 and 1; write 0.2 for a fifth; \
      times and trajectories are {time: 5}, {trajectory: [a]}
      data: {file: d.csv, split: {validation: 1, test: {fraction: 0}}}
                                              ^
      p.yaml:10:61: 'fraction' is 0, and must be a fraction between 0 and 1; write 0.2 for a fifth; \
      times and trajectories are {time: 5}, {trajectory: [a]}
      data: {file: d.csv, split: {validation: 1, test: {fraction: 0}}}
                                                                  ^
      """),
    split(
      "times out of range", "{validation: {time: [3, 2]}, test: {time: 11}}",
      """
      p.yaml:10:48: 'time' must be a time, or two in increasing order; write {time: 5} for all from \
      there on, or {time: [5, 6]}
      data: {file: d.csv, split: {validation: {time: [3, 2]}, test: {time: 11}}}
                                                     ^
      p.yaml:10:70: t = 11 is outside t in [0, 10]; write a time inside
      data: {file: d.csv, split: {validation: {time: [3, 2]}, test: {time: 11}}}
                                                                           ^^
      """),
    split(
      "two things", "{test: {time: 2, fraction: 0.1}, validation: {}}",
      """
      p.yaml:10:35: 'test' must say one thing; write {fraction: 0.2}, {time: 5} or {trajectory: [a]}
      data: {file: d.csv, split: {test: {time: 2, fraction: 0.1}, validation: {}}}
                                        ^
      p.yaml:10:73: 'validation' must say one thing; write {fraction: 0.2}, {time: 5} or \
      {trajectory: [a]}
      data: {file: d.csv, split: {test: {time: 2, fraction: 0.1}, validation: {}}}
                                                                              ^
      """),
    split(
      "unknown trajectories", "{validation: [a, aa], test: []}",
      """
      p.yaml:10:41: there is no trajectory 'aa' in the data; did you mean 'a'?
      data: {file: d.csv, split: {validation: [a, aa], test: []}}
                                              ^
      p.yaml:10:56: 'test' is an empty list; name trajectories: [a, b]
      data: {file: d.csv, split: {validation: [a, aa], test: []}}
                                                             ^
      """),
    split(
      "no trajectories", "{validation: {trajectory: a}}", table: "t,x\n0,1\n1,2\n",
      """
      p.yaml:10:41: there is no trajectory 'a' in the data; add a column 'trajectory', or split by \
      fraction or time
      data: {file: d.csv, split: {validation: {trajectory: a}}}
                                              ^
      """),
    split(
      "overlap", "{validation: [a], test: {time: 1}}",
      """
      p.yaml:10:28: validation and test hold out the same measurements; let each measurement have one use
      data: {file: d.csv, split: {validation: [a], test: {time: 1}}}
                                 ^
      """),
    split(
      "everything held out", "{validation: [a], test: [b]}",
      """
      p.yaml:10:28: validation and test leave nothing to train on; hold out less
      data: {file: d.csv, split: {validation: [a], test: [b]}}
                                 ^
      """),
    split(
      "nothing held out", "{test: {time: [4, 5]}}",
      """
      p.yaml:10:35: 'test' holds out no measurement; widen it, or remove it
      data: {file: d.csv, split: {test: {time: [4, 5]}}}
                                        ^
      """),
  ]

  private static func split(
    _ name: String, _ declared: String,
    table: String = "trajectory,t,x\na,0,1\na,1,2\nb,0,1\nb,1,3\n", _ message: String
  ) -> Refusal {
    Refusal(
      name, Sample.oscillator.adding("data: {file: d.csv, split: \(declared)}\n"),
      files: ["d.csv": table], gives: message)
  }
}
