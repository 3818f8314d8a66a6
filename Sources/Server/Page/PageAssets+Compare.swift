extension PageAssets {
  /// Runs side by side.
  static let compare = #"""
    import { el, attempt, announce, fail, faultPlace } from "./dom.js";
    import { get, post, fileAddress, runLink } from "./api.js";
    import { Chart } from "./chart.js";
    import { sample, drawings } from "./curves.js";
    import { short, seconds, values } from "./numbers.js";
    import { chosen } from "./runs.js";
    import { energy, figureTitle, figures } from "./facts.js";

    export async function showCompare(main, list) {
      const names = list ? list.split(",") : [...chosen];
      main.append(el("h1", {}, "Compare runs"));
      if (names.length < 2) {
        main.append(el("p", {}, names.length === 1 ? `Only ${names[0]} is chosen. ` : "",
          "Choose two runs or more in the ", el("a", { href: "#/" }, "list of runs"),
          ", then come back."));
        return;
      }
      const fault = faultPlace();
      main.append(fault);
      const read = await Promise.all(names.map(async name => {
        try {
          return { name, ...await get("api/run", { run: name }) };
        } catch (error) {
          fault.append(el("p", {}, `${name}: ${error.message}`));
          return null;
        }
      }));
      const runs = read.filter(Boolean);
      if (runs.length < 2) return;
      main.append(table("What came out", runs, findings(runs)));
      const own = runs.map(run => run.name);
      const [differing, trained, solutions] = await Promise.all([
        get("api/differences", { run: own }).catch(error => { fail(fault, error); return []; }),
        losses(runs), Promise.all(own.map(sample))]);
      main.append(differing.length
        ? table("Settings that differ", runs, differing.map(({ path, values }) =>
          [path, values.map(value => value ?? "—")]))
        : el("p", { class: "soft" }, "No setting differs."));
      main.append(...trained, ...drawings(solutions), ...undrawn(solutions),
        sideBySide(runs, solutions, fault));
    }

    function table(caption, runs, rows) {
      return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
        el("table", { class: "sides" }, el("caption", {}, caption),
          el("thead", {}, el("tr", {}, el("td", {}), runs.map(run =>
            el("th", { scope: "col" }, el("a", { href: runLink(run.name) }, run.name))))),
          el("tbody", {}, rows.map(([name, cells]) => el("tr", {},
            el("th", { scope: "row" }, name), cells.map((cell, index) =>
              el("td", { "data-label": runs[index].name }, el("span", {}, cell))))))));
    }

    function findings(runs) {
      const row = (name, read) => [name, runs.map(run => read(run) ?? "")];
      return [row("State", run => run.state), row("Method", run => run.method),
        row("Error, worst unknown", run => short(run.error)),
        row("Time", run => seconds(run.seconds)),
        row("Energy", run => energy(run.summary)), row("Loss", run => short(run.loss)),
        row("Steps", run => String(run.summary?.steps ?? "")),
        row("Evaluations", run => String(run.summary?.evaluations ?? ""))]
        .filter(([, cells]) => cells.some(Boolean));
    }

    // Losses of trainings over time, in one drawing.
    async function losses(runs) {
      const found = await Promise.all(runs.filter(run => run.verb === "train")
        .map(async ({ name }) => {
          try {
            const { columns, rows } = await get("api/table", { run: name, file: "training.csv" });
            return { name, columns, rows: rows.map(values) };
          } catch { return null; }
        }));
      const trained = found.filter(Boolean);
      if (trained.length === 0) return [];
      const chart = new Chart({ title: "Loss", x: "seconds", logY: true });
      chart.show(trained.map(({ name, columns, rows }) => ({ name,
        points: rows.filter(row => row[1] !== 0)
          .map(row => [row[columns.indexOf("seconds")], row[columns.indexOf("loss")]]) })));
      return [chart.element];
    }

    // Why some have no curve here.
    function undrawn(solutions) {
      return solutions.filter(one => one.parts.length === 0 && one.words).map(one =>
        el("p", { class: "soft" }, `${one.run}: ${one.words}`));
    }

    // Figures of the same name, of all runs that have it.
    function sideBySide(runs, solutions, fault) {
      const section = el("section", { "aria-label": "Figures side by side", id: "sides" });
      const button = el("button", { type: "button", id: "draw", click: () => draw() },
        "Draw the figures of all");
      const show = () => {
        const names = [...new Set(runs.flatMap(figures))].filter(file =>
          runs.filter(run => run.files.includes(file)).length > 1);
        const isWhole = runs.every(run => figures(run).length > 0);
        section.replaceChildren(el("h2", {}, "Figures side by side"),
          isWhole ? "" : el("div", { class: "bar" }, button),
          ...names.map(file => el("div", { class: "columns" },
            runs.filter(run => run.files.includes(file)).map(run => el("figure", {},
              el("figcaption", {}, `${figureTitle(file)}, ${run.name}`),
              el("a", { href: fileAddress(run.name, file), target: "_blank", rel: "noopener" },
                el("img", { class: "figure", loading: "lazy", src: fileAddress(run.name, file),
                  alt: `${figureTitle(file)} of ${run.name}` })))))));
        if (isWhole && names.length === 0) {
          section.append(el("p", { class: "soft" }, "No two of the runs have a figure in common."));
        }
      };
      const draw = () => attempt(button, fault, async () => {
        for (const run of runs.filter(one => figures(one).length === 0)) {
          announce(`drawing the figures of ${run.name} …`);
          Object.assign(run, await post("api/figures", { run: run.name }));
          show();
        }
        announce("The figures are drawn.");
      });
      show();
      return section;
    }
    """#
}
