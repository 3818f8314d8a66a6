extension PageAssets {
  /// One run: where it stands, its curves, what it found.
  static let run = #"""
    import { el, announce, attempt, fail, faultPlace } from "./dom.js";
    import { get, post, fileAddress, runLink, problemLink, declaredLink } from "./api.js";
    import { LiveCurves } from "./live.js";
    import { sample, drawings } from "./curves.js";
    import { facts, figures, figureTitle } from "./facts.js";
    import { chosen } from "./runs.js";

    export async function showRun(main, name) {
      let run = await get("api/run", { run: name });
      const state = el("span", { class: "state" });
      const status = el("p", { id: "status", role: "status", "aria-live": "polite",
        tabindex: -1 });
      const said = el("p", { class: "soft", id: "said" });
      const bar = el("progress", { max: 100, "aria-label": "Part that is done", hidden: true });
      const fault = faultPlace();
      const drawn = el("section", { "aria-label": "Figures" });
      const solution = el("section", { "aria-label": "Solution", id: "solution" });
      const found = el("section", { "aria-label": "Findings" });
      const curves = new LiveCurves(run.verb, run.state === "running");
      let source = null;

      const stop = el("button", { type: "button", id: "stop", click: () => attempt(stop, fault,
        async () => {
          await post("api/stop", { run: name });
          announce("The run ends after its present step and writes what it has.");
          stop.textContent = "End at once, without writing";
        }) }, "Stop");
      const resume = el("button", { type: "button", id: "resume",
        click: () => goOn(resume, "resume") }, "Go on from the checkpoint");
      const again = el("button", { type: "button", id: "again", click: () => goOn(again, "again") },
        "Run it again");
      const report = el("button", { type: "button", id: "report", click: () => make(report,
        "api/report", "The report is made; open it with the link beside the button.") },
      "Make the report");
      const open = el("a", { id: "open-report", target: "_blank", rel: "noopener",
        href: fileAddress(name, "report.html") }, "Open the report");
      const draw = el("button", { type: "button", id: "draw", click: () => make(draw,
        "api/figures", "The figures are drawn.") }, "Draw the figures");
      const choose = el("input", { type: "checkbox", id: "choose", checked: chosen.has(name),
        change: () => { choose.checked ? chosen.add(name) : chosen.delete(name); } });

      function goOn(button, what) {
        return attempt(button, fault, async () => {
          const next = await post(`api/${what}`, { run: name });
          location.hash = runLink(next.run);
        });
      }
      function make(button, path, words) {
        announce("working …");
        return attempt(button, fault, async () => {
          run = await post(path, { run: name });
          show();
          announce(words);
        }).finally(() => { if (fault.textContent) announce(""); });
      }
      function show() {
        state.className = `state ${run.state}`;
        state.textContent = run.state;
        const isRunning = run.state === "running";
        // The sentence may start with the word that stands before it already.
        const words = new RegExp(`^${run.state}\\b`).test(run.message)
          ? run.message.slice(run.state.length) : ` ${run.message}`;
        status.replaceChildren(state, words);
        const focused = document.activeElement;
        stop.hidden = !isRunning;
        resume.hidden = !run.canResume;
        again.hidden = isRunning || !run.command;
        report.hidden = draw.hidden = isRunning || run.state === "gone";
        // Whoever pressed a button that is gone now reads what came of it.
        if (focused?.hidden && main.contains(focused)) status.focus();
        const has = run.files.includes("report.html");
        open.hidden = !has;
        report.textContent = has ? "Make the report anew" : "Make the report";
        const images = figures(run);
        drawn.replaceChildren(...(images.length ? [el("h2", {}, "Figures")] : []),
          el("div", { class: "columns" }, images.map(file => {
            const title = figureTitle(file);
            return el("figure", {}, el("figcaption", {}, title), el("a",
              { href: fileAddress(name, file), target: "_blank", rel: "noopener" },
              el("img", { class: "figure", alt: title, loading: "lazy",
                src: fileAddress(name, file) })));
          })));
        found.replaceChildren(...facts(run, name));
      }
      function tell(text) {
        said.textContent = text;
        const part = text.match(/(\d+) %/);
        bar.hidden = !part;
        if (part) bar.value = Number(part[1]);
      }
      async function ended() {
        source?.close();
        source = null;
        tell("");
        announce("");
        try {
          run = await get("api/run", { run: name });
          show();
          // A solution that came row by row is drawn already.
          if (!run.files.includes("trajectory.csv") || curves.isSolution) return;
          const curve = await sample(name);
          solution.replaceChildren(...drawings([curve]),
            curve.parts.length ? "" : el("p", { class: "soft" }, curve.words));
        } catch (error) {
          if (error.status === 404) {
            run = { ...run, state: "gone", canResume: false, command: null, files: [],
              message: "gone: its folder is not there any more" };
            show();
          } else fail(fault, error);
        }
      }

      main.append(el("h1", {}, name), el("p", {}, ...declaration(run, name)),
        status, said, bar,
        el("div", { class: "bar" }, stop, resume, again, report, open, draw,
          el("span", {}, choose, " ", el("label", { for: "choose" }, "Choose for comparison"))),
        fault, curves.element, solution, drawn, found);
      show();
      function listen() {
        source?.close();
        source = curves.follow(name, {
          said: tell, ended,
          failed: () => { fault.textContent = "The server does not answer; a run goes on without " +
            "it. Start 'cauchy serve' again and open the address that it prints."; },
          back: () => { fault.textContent = ""; },
        });
      }
      // A browser has few connections to one server: a page that nobody sees gives its own back.
      function look() {
        if (document.hidden) source?.close();
        else if (run.state === "running") listen();
      }
      document.addEventListener("visibilitychange", look);
      listen();
      return () => {
        source?.close();
        document.removeEventListener("visibilitychange", look);
      };
    }

    // What was run: the problem, where this page has it, and as the run resolved it.
    function declaration(run, name) {
      const own = run.files.includes("problem.yaml");
      const parts = [`${run.verb} of `];
      if (run.file) {
        parts.push(el("a", { href: problemLink(run.file) }, run.original ?? run.file));
        if (run.original) parts.push(" as it was edited");
        if (own) parts.push(", ", el("a", { href: declaredLink(name) }, "with all its settings"));
      } else if (own) {
        parts.push(el("a", { href: declaredLink(name) }, run.problem),
          " (the run's own copy: the file is not among the problems of this page)");
      } else {
        parts.push(run.problem);
      }
      return parts;
    }
    """#
}
