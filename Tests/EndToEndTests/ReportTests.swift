import Testing

/// Pages of runs: what stands on them, and that they need no other file.
@Suite("report.html", .tags(.endToEnd)) struct ReportTests {
  private static let spring = """
    title: A spring <b>&"x"
    about: Hooke's law.
    variables: {t: [0, 6]}
    unknowns: [x]
    parameters: {omega: 2}
    equations: ["x'' + omega^2*x = 0"]
    conditions: ["x = 1 at t = 0", "x' = 0 at t = 0"]
    exact: {x: cos(omega*t)}
    units: {t: s, x: m}
    """

  private func page(_ place: Place, _ ran: Ran) throws -> String {
    #expect(ran.status == 0, "\(ran.errors)")
    let file = ran.output.split(separator: "\n").last.map(String.init) ?? ""
    return try #require(Files.read(place(file)), "\(ran.output)")
  }

  /// What a page that is to stand alone must not hold.
  private func expectAlone(_ page: String) {
    for sign in ["<script", "http://", "https://", "src=", "@import", "url(http"] {
      let found = page.replacing("http://www.w3.org/", with: "").contains(sign)
      #expect(!found, "\(sign)")
    }
    var seen: Set<Substring> = []
    for part in page.split(separator: " id=\"").dropFirst() {
      let name = part.prefix { $0 != "\"" }
      #expect(seen.insert(name).inserted, "two elements are called \(name)")
    }
  }

  @Test("one run: the problem typeset, its error explained, its figures, how to make it again")
  func one() throws {
    let place = Place()
    place.write(Self.spring, to: "spring.yaml")
    #expect(place.cauchy("solve", "spring.yaml", "--out", "run").status == 0)
    let page = try page(place, place.cauchy("report", "run"))
    expectAlone(page)
    #expect(page.contains("<h1>A spring &lt;b&gt;&amp;&quot;x&quot;</h1>"))
    #expect(!page.contains("<b>&"))
    #expect(page.contains("<msup><mrow><mi>ω</mi></mrow><mrow><mn>2</mn></mrow></msup>"))
    for heading in [
      "The problem", "The answer", "How good it is", "Figures", "Time and energy",
      "How to make it again",
    ] {
      #expect(page.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(page.contains("against the closed form in the problem"))
    #expect(page.contains("<svg") && page.contains("cauchy solve run/problem.yaml"))
    #expect(place.cauchy("report", "run").status == 0)
    #expect(Files.read(place("run/report.html")) == page, "the same run gives the same page")
  }

  @Test("a training tells what was chosen and why")
  func training() throws {
    let place = Place()
    place.write(Problems.rod, to: "rod.yaml")
    let steps = "train.stop={steps: 20}"
    #expect(place.cauchy("train", "rod.yaml", "--out", "run", "--set", steps).status == 0)
    let page = try page(place, place.cauchy("report", "run"))
    expectAlone(page)
    #expect(page.contains("<h2>What was chosen, and why</h2>"))
    #expect(page.contains("<td>train.stepper</td><td>lie2</td>"))
    #expect(page.contains("root mean square"))
  }

  @Test("several runs: what came out, and which settings differ")
  func several() throws {
    let place = Place()
    place.write(Self.spring, to: "spring.yaml")
    for (name, rtol) in [("a", "1e-4"), ("b", "1e-8")] {
      let set = "solve.rtol=\(rtol)"
      #expect(place.cauchy("solve", "spring.yaml", "--out", name, "--set", set).status == 0)
    }
    let page = try page(place, place.cauchy("report", "a", "b", "--out", "both.html"))
    expectAlone(page)
    #expect(page.contains("<code>solve.rtol</code></td><td>1e-4</td><td>1e-8</td>"))
    #expect(!page.contains("<code>parameters.omega</code>"))
  }

  @Test("without gnuplot the page stands, and says what to install")
  func bare() throws {
    let place = Place()
    place.write(Self.spring, to: "spring.yaml")
    #expect(place.cauchy("solve", "spring.yaml", "--out", "run").status == 0)
    let page = try page(place, place.shell("PATH=/nowhere \"$CAUCHY\" report run"))
    #expect(page.contains("apt-get install gnuplot-nox") && !page.contains("<svg"))
  }

  @Test("what is no run is refused")
  func refused() {
    let place = Place()
    let ran = place.cauchy("report", "nothing")
    #expect(ran.status == 64)
    #expect(
      ran.errors
        == "there is no run nothing; 'cauchy runs' lists those that there are\n")
  }
}
