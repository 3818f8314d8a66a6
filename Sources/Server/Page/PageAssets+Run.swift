extension PageAssets {
  /// One run: where it stands, its curves, what it found.
  static let run = #"""
    import { el, announce, attempt, faultPlace } from "./dom.js";
    import { get, post, fileAddress } from "./api.js";
    import { LiveCurves } from "./live.js";
    import { facts } from "./facts.js";
    import { chosen, runLink } from "./runs.js";

    export async function showRun(main, name) {
      let run = await get("api/run", { run: name });
      const stem = run.problem.split("/").pop();
      const state = el("span", { class: "state" });
      const status = el("p", { id: "status", role: "status", "aria-live": "polite" });
      const said = el("p", { class: "soft", id: "said" });
      const fault = faultPlace();
      const figures = el("section", { "aria-label": "Figures" });
      const found = el("section", { "aria-label": "Findings" });
      const curves = new LiveCurves(run.verb);
      let source = null;

      const stop = el("button", { type: "button", id: "stop", click: () => attempt(stop, fault,
        async () => {
          await post("api/stop", { run: name });
          announce("The run ends after its present step and writes a checkpoint.");
          stop.textContent = "End at once, without a checkpoint";
        }) }, "Stop");
      const resume = el("button", { type: "button", id: "resume", click: () => goOn() },
        "Go on from the checkpoint");
      const report = el("button", { type: "button", id: "report", click: () => make(report,
        "api/report", "The report is made; open it with the link beside the button.") },
      "Make the report");
      const open = el("a", { id: "open-report", target: "_blank", rel: "noopener",
        href: fileAddress(name, "report.html") }, "Open the report");
      const draw = el("button", { type: "button", id: "draw", click: () => make(draw,
        "api/figures", "The figures are drawn.") }, "Draw the figures");
      const choose = el("input", { type: "checkbox", id: "choose", checked: chosen.has(name),
        change: () => { choose.checked ? chosen.add(name) : chosen.delete(name); } });

      function goOn() {
        return attempt(resume, fault, async () => {
          const next = await post("api/resume", { run: name });
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
        const words = run.message.startsWith(run.state + " ") ? run.message.slice(run.state.length)
          : ` ${run.message}`;
        status.replaceChildren(state, words);
        stop.hidden = !isRunning;
        resume.hidden = !run.canResume;
        report.hidden = draw.hidden = isRunning;
        const has = run.files.includes("report.html");
        open.hidden = !has;
        report.textContent = has ? "Make the report anew" : "Make the report";
        const images = run.files.filter(file => /^figures\/.*\.svg$/.test(file));
        figures.replaceChildren(...(images.length ? [el("h2", {}, "Figures")] : []),
          el("div", { class: "columns" }, images.map(file => {
            const title = file.slice(8, -4).replaceAll("-", " ");
            return el("figure", {}, el("figcaption", {}, title), el("a",
              { href: fileAddress(name, file), target: "_blank", rel: "noopener" },
              el("img", { class: "figure", alt: title, loading: "lazy",
                src: fileAddress(name, file) })));
          })));
        found.replaceChildren(...facts(run, name));
      }
      async function ended() {
        source?.close();
        source = null;
        said.textContent = "";
        try {
          run = await get("api/run", { run: name });
          show();
        } catch (error) { fault.textContent = error.message; }
      }

      main.append(el("h1", {}, name),
        el("p", {}, `${run.verb} of `,
          el("a", { href: "#/problem/" + encodeURIComponent(stem) }, stem)),
        status, said,
        el("div", { class: "bar" }, stop, resume, report, open, draw,
          el("span", {}, choose, " ", el("label", { for: "choose" }, "Choose for comparison"))),
        fault, curves.element, figures, found);
      show();
      function listen() {
        source?.close();
        source = curves.follow(name, {
          said: text => { said.textContent = text; }, ended,
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
    """#

  /// Curves of a run that grow while it goes on.
  static let live = #"""
    import { el } from "./dom.js";
    import { address } from "./api.js";
    import { Chart } from "./chart.js";
    import { fields, values } from "./numbers.js";

    const most = 1000;

    // Keeps rows, at most a thousand: beyond that every second one is dropped.
    class Rows {
      constructor() { this.rows = []; this.stride = 1; this.seen = 0; this.last = null; }
      add(row) {
        this.last = row;
        if (this.seen++ % this.stride !== 0) return;
        this.rows.push(row);
        if (this.rows.length <= most) return;
        this.rows = this.rows.filter((_, index) => index % 2 === 0);
        this.stride *= 2;
      }
      get all() {
        return this.last && this.rows.at(-1) !== this.last ? [...this.rows, this.last] : this.rows;
      }
    }

    export class LiveCurves {
      constructor(verb) {
        this.isTraining = verb === "train";
        this.element = el("section", { "aria-label": "Curves", class: "columns", id: "curves" });
        this.reset();
      }

      reset() {
        this.columns = [];
        this.rows = new Rows();
        this.rejected = new Rows();
        this.charts = [];
        this.element.replaceChildren();
      }

      // Listens to a run; the browser connects again by itself when the server was gone.
      follow(run, { said, ended, failed, back }) {
        const source = new EventSource(address("api/live", { run }));
        source.addEventListener("open", () => { this.reset(); back(); });
        source.addEventListener("columns", event => this.head(fields(event.data)));
        source.addEventListener("rows", event => this.take(event.data.split("\n")));
        source.addEventListener("said", event => said(event.data));
        source.addEventListener("end", () => { source.close(); ended(); });
        source.addEventListener("error", failed);
        return source;
      }

      head(columns) {
        this.columns = columns;
        this.charts = this.isTraining
          ? [new Chart({ title: "Loss", x: "step", logY: true }),
            new Chart({ title: "Step size and error of each step", x: "step", logY: true })]
          : [new Chart({ title: "Solution", x: columns[0] })];
        this.element.replaceChildren(...this.charts.map(chart => chart.element));
      }

      take(lines) {
        for (const line of lines.filter(Boolean)) {
          const row = values(line);
          if (this.isTraining && row[1] === 0) this.rejected.add(row);
          else this.rows.add(row);
        }
        this.draw();
      }

      draw() {
        const rows = this.rows.all;
        const at = (name, x = 0) => {
          const place = this.columns.indexOf(name);
          return rows.map(row => [row[x], row[place]]);
        };
        if (this.isTraining) {
          const blocks = this.columns.slice(9).filter(name => name !== "solve_evaluations");
          const names = blocks.length === 1 ? ["loss"] : ["loss", ...blocks.slice(0, 7)];
          this.charts[0].show(names.map(name => ({ name, points: at(name) })));
          const place = this.columns.indexOf("h");
          this.charts[1].show([{ name: "h", points: at("h") },
            { name: "error estimate", points: at("error") },
            { name: "h of rejected steps", dots: true,
              points: this.rejected.all.map(row => [row[0], row[place]]) }]);
        } else if (isCurve(rows)) {
          this.charts[0].show(this.columns.slice(1, 9).map(name => ({ name, points: at(name) })));
        } else {
          this.element.replaceChildren(el("p", { class: "soft" },
            "The table has several variables: draw the figures to look at it."));
        }
      }
    }

    // Whether the first column goes one way, as the variable of an ODE does.
    export function isCurve(rows) {
      const steps = rows.slice(1).map((row, index) => Math.sign(row[0] - rows[index][0]));
      const moving = steps.filter(step => step !== 0);
      // Events that set give two rows at one time.
      return moving.every(step => step === moving[0]) && moving.length >= 0.9 * steps.length;
    }
    """#
}
