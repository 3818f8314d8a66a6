extension PageAssets {
  /// Curves of a run that grow while it goes on.
  static let live = #"""
    import { el } from "./dom.js";
    import { address } from "./api.js";
    import { Chart } from "./chart.js";
    import { values } from "./numbers.js";

    const most = 1000;
    // What is said while there is nothing to draw.
    const waiting = {
      solve: "A solution is drawn while its rows come. Those of fields and sweeps come when the " +
        "run ends; until then the line above says every few seconds where it is.",
      train: "The curves begin with the first step.",
      compare: "The table comes when the run ends; until then the line above says every few " +
        "seconds where it is.",
      study: "The table comes when the run ends; until then the line above says every few " +
        "seconds where it is.",
    };

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
      constructor(verb, isRunning) {
        this.words = isRunning ? waiting[verb] ?? "" : "";
        this.isTraining = verb === "train";
        this.element = el("section", { "aria-label": "Curves", class: "columns", id: "curves" });
        this.reset();
      }

      reset() {
        this.columns = [];
        this.rows = new Rows();
        this.rejected = new Rows();
        this.charts = [];
        this.distance = null;
        this.element.replaceChildren(el("p", { class: "soft", id: "waiting" }, this.words));
      }

      // Whether the solution itself was drawn as it came.
      get isSolution() { return !this.isTraining && this.charts.length > 0; }

      // Listens to a run; the browser connects again by itself when the server was gone.
      follow(run, { said, ended, failed, back }) {
        const source = new EventSource(address("api/live", { run }));
        source.addEventListener("open", () => { this.reset(); back(); });
        for (const table of ["training", "errors", "trajectory"]) {
          const isErrors = table === "errors";
          source.addEventListener(`${table}-columns`, event =>
            isErrors ? this.headErrors(JSON.parse(event.data)) : this.head(JSON.parse(event.data)));
          source.addEventListener(`${table}-rows`, event => {
            const rows = event.data.split("\n").filter(Boolean).map(values);
            if (isErrors) this.takeErrors(rows); else this.take(rows);
          });
        }
        source.addEventListener("said", event => said(event.data));
        source.addEventListener("end", () => {
          source.close();
          if (this.charts.length === 0) this.arrange();
          ended();
        });
        source.addEventListener("error", failed);
        return source;
      }

      head(columns) {
        this.columns = columns;
        this.charts = this.isTraining
          ? [new Chart({ title: "Loss", x: "step", logY: true }),
            new Chart({ title: "Step size and error of each step", x: "step", logY: true })]
          : [new Chart({ title: "Solution", x: columns[0] })];
        this.arrange();
      }

      // The drawings in their order, whichever table came first.
      arrange() {
        const all = this.distance ? [...this.charts, this.distance] : this.charts;
        this.element.replaceChildren(...all.map(chart => chart.element));
      }

      // A training that has a truth tells its distance from it now and then.
      headErrors(columns) {
        this.unknowns = columns.slice(3);
        this.errors = new Rows();
        this.distance = new Chart({ title: "Error against the truth", x: "step", logY: true });
        this.arrange();
      }

      takeErrors(rows) {
        for (const row of rows) this.errors.add(row);
        this.distance.show(this.unknowns.slice(0, 8).map((name, index) =>
          ({ name, points: this.errors.all.map(row => [row[0], row[3 + index]]) })));
      }

      take(rows) {
        for (const row of rows) {
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
        } else {
          this.charts[0].show(this.columns.slice(1, 9).map(name => ({ name, points: at(name) })));
        }
      }
    }
    """#
}
