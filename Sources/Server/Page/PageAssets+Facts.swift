extension PageAssets {
  /// What a run's summary and folder say.
  static let facts = #"""
    import { el } from "./dom.js";
    import { fileAddress } from "./api.js";
    import { short, seconds } from "./numbers.js";

    function list(pairs) {
      return el("dl", { class: "facts" }, pairs.filter(([, value]) => value !== "")
        .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    }

    function table(caption, heads, rows) {
      return el("div", { class: "scroll" }, el("table", {}, el("caption", {}, caption),
        el("thead", {}, el("tr", {}, heads.map((head, index) =>
          el("th", { scope: "col", class: index ? "number" : null }, head)))),
        el("tbody", {}, rows.map(cells => el("tr", {}, cells.map((cell, index) =>
          index ? el("td", { class: "number" }, cell) : el("th", { scope: "row" }, cell)))))));
    }

    function rejected(summary) {
      return summary.rejected ? `, ${summary.rejected} rejected` : "";
    }

    export function energy(summary) {
      if (summary?.energy_joules === null || summary?.energy_joules === undefined) return "";
      return `${short(summary.energy_joules)} J (${summary.energy_source ?? "estimate"})`;
    }

    export function facts(run, name) {
      const parts = [];
      const summary = run.summary;
      if (summary) {
        parts.push(el("h2", {}, "Findings"), list([
          ["Time", seconds(summary.seconds)], ["Method", summary.method ?? ""],
          ["Steps", `${summary.steps ?? ""}${rejected(summary)}`],
          ["Evaluations", `${summary.evaluations ?? ""}`], ["Loss", short(summary.loss)],
          ["Parameters trained", `${summary.parameters ?? ""}`],
          ["χ² a point", short(summary.chi2_per_point)], ["Energy", energy(summary)],
          ["Seed", `${summary.seed ?? ""}`], ["Threads", `${summary.threads ?? ""}`],
        ]));
        const errors = Object.entries(summary.errors ?? {});
        if (errors.length) {
          parts.push(table("Distance from the truth", ["unknown", "relative", "largest"],
            errors.map(([unknown, norms]) =>
              [unknown, short(norms.relative_l2), short(norms.max)])));
        }
        const estimated = Object.entries(summary.estimated_error ?? {});
        if (estimated.length) {
          parts.push(table("Error that the run itself estimates", ["unknown", "relative"],
            estimated.map(([unknown, value]) => [unknown, short(value)])));
        }
        const estimates = Object.entries(summary.estimates ?? {});
        if (estimates.length) {
          parts.push(table("Estimates", ["parameter", "value", "standard error"],
            estimates.map(([parameter, one]) => [parameter, short(one.value, 6),
              short(one.standard_error)])));
        }
        if (summary.warnings?.length) {
          parts.push(el("h2", {}, "Warnings"),
            el("ul", {}, summary.warnings.map(warning => el("li", {}, warning))));
        }
        const choices = summary.choices ?? [];
        if (choices.length) {
          parts.push(el("details", {}, el("summary", {}, "What was chosen, and why"),
            list(choices.map(one => [`${one.key} = ${one.value}`, one.reason]))));
        }
      }
      const set = run.started?.set ?? [];
      if (set.length) {
        parts.push(el("h2", {}, "Settings"), el("ul", {}, set.map(one => el("li", {}, one))));
      }
      if (run.said) {
        parts.push(el("details", {}, el("summary", {}, "What the run said"),
          el("pre", {}, run.said)));
      }
      if (run.files.length) {
        parts.push(el("h2", {}, "Files"), el("ul", { class: "plain" }, run.files.map(file =>
          el("li", {}, el("a", { href: fileAddress(name, file), target: "_blank", rel: "noopener" },
            file)))));
      }
      return parts;
    }
    """#

  /// Runs side by side.
  static let compare = #"""
    import { el, faultPlace } from "./dom.js";
    import { get, fileAddress } from "./api.js";
    import { Chart } from "./chart.js";
    import { short, seconds, fields, values } from "./numbers.js";
    import { chosen, runLink } from "./runs.js";
    import { energy } from "./facts.js";
    import { isCurve } from "./live.js";

    export async function showCompare(main, list) {
      const names = list ? list.split(",") : [...chosen];
      main.append(el("h1", {}, "Compare runs"));
      if (names.length < 2) {
        main.append(el("p", {}, "Choose two runs or more in the ",
          el("a", { href: "#/" }, "list of runs"), ", then come back."));
        return;
      }
      const fault = faultPlace();
      main.append(fault);
      const runs = [];
      for (const name of names) {
        try {
          runs.push({ name, ...await get("api/run", { run: name }) });
        } catch (error) { fault.textContent += `${name}: ${error.message}\n`; }
      }
      await Promise.all(runs.map(async run => { run.settings = await settings(run); }));
      main.append(table("What came out", runs, findings(runs)));
      const differing = differences(runs);
      main.append(differing.length
        ? table("Settings that differ", runs, differing)
        : el("p", { class: "soft" }, "No setting differs."));
      await overlay(main, runs);
    }

    function table(caption, runs, rows) {
      return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
        el("table", {}, el("caption", {}, caption),
          el("thead", {}, el("tr", {}, el("td", {}), runs.map(run =>
            el("th", { scope: "col" }, el("a", { href: runLink(run.name) }, run.name))))),
          el("tbody", {}, rows.map(([name, cells]) => el("tr", {},
            el("th", { scope: "row" }, name), cells.map(cell => el("td", {}, cell)))))));
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

    // The keys of a run's problem.yaml by dotted path; what stands deeper than lines is one value.
    async function settings(run) {
      const found = new Map();
      if (!run.files.includes("problem.yaml")) return found;
      const response = await fetch(fileAddress(run.name, "problem.yaml"), { credentials: "omit" });
      const path = [];
      for (const line of (await response.text()).split("\n")) {
        const [, indent, dash, rest] = line.match(/^( *)(- )?(.*)$/);
        if (!rest || rest.startsWith("#")) continue;
        const depth = indent.length / 2;
        const pair = dash ? null : rest.match(/^("?[\w.'()-]+"?): ?(.*)$/);
        path.length = Math.min(path.length, pair ? depth : Math.max(depth, 1));
        if (!pair) {
          const key = path.join(".");
          found.set(key, [found.get(key), rest].filter(Boolean).join("; "));
        } else {
          path[depth] = pair[1];
          if (pair[2]) flow(found, path.slice(0, depth + 1).join("."), pair[2]);
        }
      }
      return found;
    }

    // A mapping in braces, one level of it; anything else is one value.
    function flow(found, key, text) {
      const inner = text.match(/^\{(.*)\}$/);
      if (!inner) { found.set(key, text); return; }
      let [depth, part] = [0, ""];
      for (const character of inner[1] + ",") {
        if (character === "," && depth === 0) {
          const [name, ...value] = part.split(":");
          if (name.trim()) flow(found, `${key}.${name.trim()}`, value.join(":").trim());
          part = "";
          continue;
        }
        depth += "[{(".includes(character) ? 1 : "]})".includes(character) ? -1 : 0;
        part += character;
      }
    }

    function differences(runs) {
      const keys = new Set(runs.flatMap(run => [...run.settings.keys()]));
      return [...keys].sort().map(key => [key, runs.map(run => run.settings.get(key) ?? "—")])
        .filter(([, cells]) => new Set(cells).size > 1);
    }

    // Losses of trainings over time, and the first unknown of solutions, in one chart each.
    async function overlay(main, runs) {
      const trained = await tables(runs.filter(run => run.verb === "train"), "training.csv");
      if (trained.length) {
        const chart = new Chart({ title: "Loss", x: "seconds", logY: true });
        main.append(chart.element);
        chart.show(trained.map(({ name, columns, rows }) => ({ name,
          points: rows.filter(row => row[1] !== 0)
            .map(row => [row[columns.indexOf("seconds")], row[columns.indexOf("loss")]]) })));
      }
      const solved = (await tables(runs, "trajectory.csv")).filter(({ rows }) =>
        rows.length > 1 && isCurve(rows));
      const shared = solved[0]?.columns.slice(1).filter(column =>
        solved.every(({ columns }) => columns.includes(column))) ?? [];
      if (shared.length === 0) return;
      const chart = new Chart({ title: "Solutions", x: solved[0].columns[0] });
      const select = el("select", { change: () => show() },
        shared.map(column => el("option", {}, column)));
      const show = () => chart.show(solved.map(({ name, columns, rows }) => ({ name,
        points: rows.map(row => [row[0], row[columns.indexOf(select.value)]]) })));
      main.append(el("div", { class: "bar" }, el("label", {}, "Curve", select)), chart.element);
      show();
    }

    async function tables(runs, file) {
      const found = await Promise.all(runs.map(async ({ name }) => {
        try {
          const { columns, rows } = await get("api/table", { run: name, file });
          return { name, columns: fields(columns), rows: rows.map(values) };
        } catch { return null; }
      }));
      return found.filter(Boolean);
    }
    """#
}
