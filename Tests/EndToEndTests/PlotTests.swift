import Testing

/// `cauchy plot`, and figures that are drawn when a run has ended.
@Suite(.tags(.endToEnd)) struct PlotTests {
  /// What is seen of an SVG text without looking at it.
  private struct Drawing {
    let text: String

    init(_ path: String) throws { text = try #require(Files.read(path), "no \(path)") }

    /// Whether it is one, and every number of its lines is a number.
    var isSound: Bool {
      text.hasPrefix("<?xml") && text.hasSuffix("</svg>\n\n") && text.contains("viewBox=\"0 0 900 ")
        && !text.contains("nan") && !text.contains("inf,")
    }

    func says(_ words: String) -> Bool { text.contains(">\(words)<") }
  }

  private func names(_ place: Place, _ run: String) -> [String] {
    Files.names(in: place("\(run)/figures"))
  }

  @Test func curvesOfAGalleryProblem() throws {
    let place = Place()
    let run = place.cauchy(
      "solve", "\(Command.gallery)/bouncing-ball.yaml", "--out", "run", "--figures")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(
      run.output.hasSuffix(
        "  figures: run/figures: components.svg, observables.svg, phase.svg, error.svg\n"))
    let all = ["components.svg", "error.svg", "observables.svg", "phase.svg"]
    #expect(names(place, "run") == all)
    for name in all {
      let drawing = try Drawing(place("run/figures/\(name)"))
      #expect(drawing.isSound && drawing.says("Bouncing ball"), "\(name)")
    }
    let components = try Drawing(place("run/figures/components.svg"))
    #expect(components.says("t (s)") && components.says("h (m)") && components.says("v (m/s)"))
    #expect(components.says("event bounce"))
    // Figures are no files of the run itself.
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(!summary.files.contains { $0.contains("figures") })
  }

  @Test func nothingIsDrawnWhereNobodyLooks() {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    #expect(place.cauchy("solve", "p.yaml", "--out", "run").status == 0)
    #expect(place.cauchy("solve", "p.yaml", "--out", "no", "--no-figures").status == 0)
    #expect(names(place, "run").isEmpty && names(place, "no").isEmpty)
    let run = place.cauchy("solve", "p.yaml", "--out", "json", "--figures", "--json")
    #expect(Report(run.output) != nil && names(place, "json").count > 1)
    let quiet = place.cauchy("solve", "p.yaml", "--out", "quiet", "--figures", "--quiet")
    #expect(quiet.output.isEmpty && quiet.errors.isEmpty && names(place, "quiet").count > 1)
  }

  @Test func formatsFoldersAndChoice() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    #expect(place.cauchy("solve", "p.yaml", "--quiet").status == 0)
    let plot = place.cauchy("plot", "p")
    #expect(plot.status == 0 && plot.errors.isEmpty, "\(plot.errors)")
    #expect(
      plot.output
        == "outputs/p/solve-001/figures/components.svg\noutputs/p/solve-001/figures/phase.svg\n")
    let folder = "outputs/p/latest"
    let first = Files.read(place("\(folder)/figures/phase.svg"))
    #expect(place.cauchy("plot", folder, "--quiet").output.isEmpty)
    #expect(Files.read(place("\(folder)/figures/phase.svg")) == first)
    let other = place.cauchy(
      "plot", folder, "--only", "phase", "--format", "png", "--out", "a/b")
    #expect(other.output == "a/b/phase.png\n" && Files.names(in: place("a/b")) == ["phase.png"])
    #expect(place.cauchy("plot", folder, "--format", "pdf").status == 0)
    #expect(names(place, folder).count == 4)
    #expect(
      place.cauchy("plot", folder, "--only", "phase", "--width", "450", "--quiet").status == 0)
    #expect(Files.read(place("\(folder)/figures/phase.svg"))?.contains("0 0 450 ") == true)
    // A run that takes the folder does not keep the figures of the one before.
    place.write("kept", to: "\(folder)/figures/mine.txt")
    let again = place.cauchy("solve", "p.yaml", "--out", folder, "--force", "--quiet")
    #expect(again.status == 0 && names(place, folder) == ["mine.txt"])
  }

  /// Phase portraits of what is asked for, in the plane and in space, in one figure.
  @Test func phasesAreChosen() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    #expect(place.cauchy("solve", "p.yaml", "--out", "run", "--quiet").status == 0)
    let plot = place.cauchy(
      "plot", "run", "--only", "phase", "--phase", "v,x", "--phase", "t,x,v")
    #expect(plot.status == 0 && plot.output == "run/figures/phase.svg\n", "\(plot.errors)")
    let drawing = try Drawing(place("run/figures/phase.svg"))
    #expect(drawing.isSound && drawing.says("t") && drawing.says("x") && drawing.says("v"))
    place.write(FieldProblems.heat, to: "h.yaml")
    #expect(place.cauchy("solve", "h.yaml", "--out", "field", "--quiet").status == 0)
    let field = place.cauchy("plot", "field", "--phase", "x,t")
    #expect(
      field.status == 64
        && field.errors
          == "--phase: field holds no single solution over one variable; leave it out\n"
    )
  }

  /// Without gnuplot a run is what it was, and `plot` says what to install.
  @Test func withoutGnuplot() {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    let sentence =
      "figures need gnuplot, which is missing; install it: apt-get install gnuplot-nox\n"
    let run = place.shell("PATH=/nowhere \"$CAUCHY\" solve p.yaml --out run --figures")
    #expect(run.status == 0 && run.errors == "warning: no figures: \(sentence)")
    #expect(
      Files.names(in: place("run")) == [
        "command.json", "problem.yaml", "summary.json", "trajectory.csv",
      ])
    let plot = place.shell("PATH=/nowhere \"$CAUCHY\" plot run")
    #expect(plot.status == 3 && plot.errors == sentence && plot.output.isEmpty)
    place.write("#!/bin/sh\necho 'no such terminal' >&2\nexit 1\n", to: "gnuplot")
    let broken = place.shell("chmod +x gnuplot; PATH=.:/usr/bin:/bin \"$CAUCHY\" plot run")
    #expect(
      broken.status == 3
        && broken.errors
          == "gnuplot could not draw 'components': no such terminal; try another format with cauchy "
          + "plot --format\n"
    )
  }

  /// Ctrl-C ends the drawing alone, at once, and the run keeps its exit code.
  @Test func interruptedWhileDrawing() {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    place.write(
      "#!/bin/sh\ntouch \"$PLACE/drawing\"\necho > \"$PLACE/drawing\"\nsleep 60\n", to: "gnuplot")
    _ = place.shell("chmod +x gnuplot")
    for verb in ["solve p.yaml --out run --quiet --figures", "plot run"] {
      _ = place.shell("rm -f drawing")
      let running = Running(
        place, "cd \"$PLACE\" && PATH=\"$PLACE:$PATH\" exec \"$CAUCHY\" \(verb)", [])
      #expect(running.waitForFile(place("drawing"), larger: 0))
      running.interrupt()
      let ran = running.wait()
      #expect(ran.status == (verb == "plot run" ? 130 : 0), "\(verb): \(ran.errors)")
      #expect(ran.errors.contains("interrupted; draw the figures with cauchy plot"))
      #expect(Files.names(in: place("run/figures")).isEmpty)
    }
    #expect(Files.read(place("run/trajectory.csv")) != nil)
  }

  /// A file whose words are commands, formats and markup.
  @Test func wordsOfAProblemStayWords() throws {
    let place = Place()
    place.write(
      """
      title: '"; system("touch made"); `touch made` $(touch made) <b>&</b> ''%s_{x}'
      variables: {t: [0, 1]}
      unknowns: [x_1, γ]
      equations: ["x_1' = γ", "γ' = -x_1"]
      conditions: [x_1 = 1 at t = 0, γ = 0 at t = 0]
      units: {t: "'; system('touch made') #", γ: "`touch made`"}
      observables: {e_{1}: 1}
      """.replacing("observables: {e_{1}: 1}", with: "observables: {e_1: x_1 + γ}"), to: "p.yaml")
    let run = place.cauchy("solve", "p.yaml", "--out", "run", "--figures")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(Files.read(place("made")) == nil && Files.read(place("run/made")) == nil)
    let drawing = try Drawing(place("run/figures/components.svg"))
    #expect(drawing.isSound && drawing.text.contains("&lt;b>&amp;&lt;/b> ′%s_{x}<"))
    #expect(drawing.says("γ (`touch made`)") && !drawing.text.contains("<b>"))
  }

  /// A field that is 0 throughout has a map, flat as it is, and costs no run its end.
  @Test func flatFieldsAreDrawn() {
    let place = Place()
    place.write(
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx]
      conditions: [u = 0 at t = 0, u = 0 at x = 0, u = 0 at x = 1]
      """, to: "p.yaml")
    let run = place.cauchy("solve", "p.yaml", "--out", "run", "--figures")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(names(place, "run").contains("field.svg"))
  }

  @Test func runsWithoutMuchToShow() {
    let place = Place()
    place.write(Problems.blowUp, to: "p.yaml")
    let failed = place.cauchy("solve", "p.yaml", "--out", "run", "--figures")
    #expect(failed.status == 1 && names(place, "run") == ["components.svg"], "\(failed.errors)")
    #expect(Files.read(place("run/figures/components.svg"))?.contains("(partial)<") == true)
    place.write("damaged", to: "run/trajectory.csv")
    let damaged = place.cauchy("plot", "run")
    #expect(
      damaged.status == 0 && damaged.output.isEmpty
        && damaged.errors == "run: nothing to draw: the run has no table with two rows\n")
    place.write("{", to: "run/problem.yaml")
    #expect(place.cauchy("plot", "run").status == 0)
  }

  @Test(arguments: [
    Refusal("plot", 64, "Error: Missing expected argument '<run> ...'"),
    Refusal("plot none", 64, "there is no run none; 'cauchy runs' lists those that there are"),
    Refusal("plot . --format gif", 64, "Error: --format gif is none of svg, png, pdf"),
    Refusal(
      "plot run --only phse", 64,
      "there is no figure 'phse'; did you mean 'phase'? the figures are components, observables, "
        + "sensitivities, phase, cases, fit, terms, field, slices, error, loss, steps, residual, "
        + "comparison, study"),
    Refusal(
      "plot run --phase x,q", 64, "--phase: the solution has no 'q'; it has t, x, v"),
    Refusal("plot run --phase x", 64, "--phase x: a phase portrait has two names or three"),
    Refusal("plot run --width 90", 64, "Error: --width 90 is not within 400…2000"),
    Refusal(
      "plot run run --out d", 64,
      "--out: figures of several runs have the same names; plot them one by one"),
  ]) func refusalIsSaid(_ refusal: Refusal) {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    #expect(place.cauchy("solve", "p.yaml", "--out", "run", "--quiet").status == 0)
    let run = place.shell("exec \"$CAUCHY\" \(refusal.arguments)")
    #expect(run.status == refusal.status && run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").first.map(String.init) == refusal.sentence)
  }

  /// `compare`, `study` and `train` draw, too.
  @Test func otherVerbsDraw() {
    let place = Place()
    place.write(Problems.bump, to: "p.yaml")
    let train = place.cauchy("train", "p.yaml", "--out", "train", "--quiet", "--figures")
    #expect(train.status == 0 && train.errors.isEmpty, "\(train.errors)")
    #expect(
      names(place, "train")
        == [
          "components.svg", "error.svg", "loss.svg", "observables.svg", "residual.svg", "steps.svg",
        ])
    let compare = place.cauchy("compare", "p.yaml", "--out", "compare", "--quiet", "--figures")
    #expect(compare.status == 0 && names(place, "compare") == ["comparison.svg"])
    let study = place.cauchy("study", "double-descent", "--out", "study", "--quiet", "--figures")
    #expect(study.status == 0 && names(place, "study") == ["study.svg"])
  }
}
