extension RefusalCatalog {
  /// Tables that the file names, each fault placed in the table.
  static let tables: [Refusal] = [
    Refusal(
      "missing file",
      Sample.oscillator.adding("reference: {file: r.csv}\n"),
      gives: """
        p.yaml:10:19: the file 'r.csv' cannot be read: No such file or directory; check the path
        reference: {file: r.csv}
                          ^^^^^
        """),
    Refusal(
      "empty table",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": ""],
      gives: """
        p.yaml:10:14: the file 'd.csv' is empty; start it with a line of column names
        data: {file: d.csv}
                     ^^^^^
        """),
    Refusal(
      "no time column",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "tt,x\n0,1\n"],
      gives: """
        d.csv:1:1: the table has no column 't'; choose one of tt, x
        tt,x
        ^
        """),
    Refusal(
      "no unknown",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,z\n0,1\n"],
      gives: """
        d.csv:1:1: the table has no column for an unknown; name a column x or y
        t,z
        ^
        """),
    Refusal(
      "column twice",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x,x\n0,1,2\n"],
      gives: """
        d.csv:1:5: the column 'x' is there twice; rename one
        t,x,x
            ^
        """),
    Refusal(
      "no rows",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n"],
      gives: """
        d.csv:1:1: the table has no rows; add rows below the header
        t,x
        ^
        """),
    Refusal(
      "bad numbers",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x,y\n0,1,\n1,abc,2\n2,1e999,nan\n3,-inf,0\n"],
      gives: """
        d.csv:3:3: 'abc' in column 'x' is not a finite number; write a number such as 0.5 or 1e-3
        1,abc,2
          ^^^
        d.csv:4:3: '1e999' in column 'x' is not a finite number; write a number such as 0.5 or 1e-3
        2,1e999,nan
          ^^^^^
        d.csv:4:9: 'nan' in column 'y' is not a finite number; write a number such as 0.5 or 1e-3
        2,1e999,nan
                ^^^
        d.csv:5:3: '-inf' in column 'x' is not a finite number; write a number such as 0.5 or 1e-3
        3,-inf,0
          ^^^^
        """),
    Refusal(
      "blank time",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n0,1\n,2\n"],
      gives: """
        d.csv:3:1: column 't' is blank here; write a number such as 0.5 or 1e-3
        ,2
        ^
        """),
    Refusal(
      "short row",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x,y\n0,1,2\n1,2\n2,3,4,5\n"],
      gives: """
        d.csv:3:1: this row has 2 fields, the header has 3; give every row one field a column
        1,2
        ^^^
        d.csv:4:1: this row has 4 fields, the header has 3; give every row one field a column
        2,3,4,5
        ^^^^^^^
        """),
    Refusal(
      "unsorted",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n0,1\n2,2\n1,3\n"],
      gives: """
        d.csv:4:1: t = 1 follows 2; sort the rows by t
        1,3
        ^
        """),
    Refusal(
      "duplicate",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\r\n0,1\r\n2,2\r\n2,3\r\n"],
      gives: """
        d.csv:4:1: t = 2 is there twice; keep one row for each t
        2,3
        ^
        """),
    Refusal(
      "outside",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n0,1\n2,2\n11,3\n"],
      gives: """
        d.csv:4:1: t = 11 is outside t in [0, 10]; remove the row, or widen the interval
        11,3
        ^^
        """),
    Refusal(
      "trajectories unsorted",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "trajectory,t,x\na,0,1\nb,0,1\na,2,2\nb,3,2\nb,1,3\n"],
      gives: """
        d.csv:6:3: t = 1 follows 3 in trajectory 'b'; sort each trajectory's rows by t, one for each
        b,1,3
          ^
        """),
    Refusal(
      "zero byte",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n0,1\u{0}\n"],
      gives: """
        p.yaml:10:14: the file 'd.csv' is no CSV text: byte 7 is zero; save it as text
        data: {file: d.csv}
                     ^^^^^
        """),
    Refusal(
      "blank in reference",
      Sample.oscillator.adding("reference: {file: d.csv}\n"),
      files: ["d.csv": "t,x,y\n0,1,\n"],
      gives: """
        d.csv:2:5: column 'y' is blank here; write a number such as 0.5 or 1e-3
        0,1,
            ^
        """),
    Refusal(
      "noise and split",
      Sample.oscillator.adding(
        "data: {file: d.csv, noise: {x: 0, z: 1}, split: {validation: 0.2, tset: 1}}\n"),
      files: ["d.csv": "t,x\n0,1\n1,1\n"],
      gives: """
        p.yaml:10:32: 'noise' is 0, and must be positive; write a number above 0
        data: {file: d.csv, noise: {x: 0, z: 1}, split: {validation: 0.2, tset: 1}}
                                       ^
        p.yaml:10:35: unknown key 'z' in 'noise'; write x
        data: {file: d.csv, noise: {x: 0, z: 1}, split: {validation: 0.2, tset: 1}}
                                          ^
        p.yaml:10:67: unknown key 'tset' in 'split'; did you mean 'test'?
        data: {file: d.csv, noise: {x: 0, z: 1}, split: {validation: 0.2, tset: 1}}
                                                                          ^^^^
        """),
    Refusal(
      "no file key",
      Sample.oscillator.adding(
        "data: {noise: 1}\nreference: {accuracy: 0}\nforcing: {q: {column: a}}\n"),
      gives: """
        p.yaml:10:7: 'data' has no 'file'; add file: table.csv
        data: {noise: 1}
              ^
        p.yaml:11:12: 'reference' has no 'file'; add file: table.csv
        reference: {accuracy: 0}
                   ^
        p.yaml:11:23: 'accuracy' is 0, and must be positive; write a number above 0
        reference: {accuracy: 0}
                              ^
        p.yaml:12:11: forcing 'q' has no 'file'; add file: table.csv
        forcing: {q: {column: a}}
                  ^
        """),
    Refusal(
      "forcing without its column",
      Sample.oscillator.with("k*y", "k*y + q").adding("forcing: {q: {file: d.csv}}\n"),
      files: ["d.csv": "t,p\n0,1\n10,2\n"],
      gives: """
        d.csv:1:1: the table has no column 'q'; choose one of t, p
        t,p
        ^
        """),
    Refusal(
      "forcing too short",
      Sample.oscillator.with("k*y", "k*y + q").adding("forcing: {q: {file: d.csv}}\n"),
      files: ["d.csv": "t,q\n0,1\n9,2\n"],
      gives: """
        d.csv:3:1: the forcing covers [0, 9], not all of t in [0, 10]; add rows, or shorten the interval
        9,2
        ^
        """),
    Refusal(
      "forcing starts late",
      Sample.oscillator.with("k*y", "k*y + q").adding("forcing: {q: {file: d.csv}}\n"),
      files: ["d.csv": "t,q\n1,1\n10,2\n"],
      gives: """
        d.csv:2:1: the forcing covers [1, 10], not all of t in [0, 10]; add rows, or shorten the interval
        1,1
        ^
        """),
    Refusal(
      "forcing with one row",
      Sample.oscillator.with("k*y", "k*y + q").adding("forcing: {q: {file: d.csv}}\n"),
      files: ["d.csv": "t,q\n1,1\n"],
      gives: """
        d.csv:1:1: a forcing needs at least two rows; add rows
        t,q
        ^
        """),
    Refusal(
      "forcing interpolation",
      (Sample.oscillator.with("k*y", "k*y + q").adding("forcing: {q: {file: d.csv}}\n")).with(
        "d.csv}", "d.csv, interpolate: spline}"),
      files: ["d.csv": "t,q\n0,1\n10,2\n"],
      gives: """
        p.yaml:10:41: 'interpolate' does not know 'spline'; choose one of linear, cubic, previous
        forcing: {q: {file: d.csv, interpolate: spline}}
                                                ^^^^^^
        """),
    Refusal(
      "forcing without a marching variable",
      """
      variables: {x: [0, 1], y: [0, 1]}
      unknowns: [u]
      equations: [laplace(u) = q]
      conditions: [u = 0 at boundary]
      forcing: {q: {file: d.csv}}

      """,
      gives: """
        p.yaml:5:11: a forcing depends on a variable that marches, and none does; write it as a function
        forcing: {q: {file: d.csv}}
                  ^
        """),
    Refusal(
      "quoted fields",
      Sample.oscillator.adding("data: {file: d.csv}\n"),
      files: ["d.csv": "\"t\",\"x\"\n\"0\",\"1\"\n\"1\",\"oo\"\"ps\"\n"],
      gives: """
        d.csv:3:6: 'oo"ps' in column 'x' is not a finite number; write a number such as 0.5 or 1e-3
        "1","oo""ps"
             ^^^^^^
        """),
  ]
}
