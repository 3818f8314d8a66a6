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
      // The caption stands outside: inside it would scroll with the table.
      return el("div", {}, el("p", { class: "caption" }, caption),
        el("div", { class: "scroll" }, el("table", { "aria-label": caption },
        el("thead", {}, el("tr", {}, heads.map((head, index) =>
          el("th", { scope: "col", class: index ? "number" : null }, head)))),
        el("tbody", {}, rows.map(cells => el("tr", {}, cells.map((cell, index) =>
          index ? el("td", { class: "number" }, cell)
            : el("th", { scope: "row" }, cell))))))));
    }

    function rejected(summary) {
      return summary.rejected ? `, ${summary.rejected} rejected` : "";
    }

    export function energy(summary) {
      if (summary?.energy_joules === null || summary?.energy_joules === undefined) return "";
      return `${short(summary.energy_joules)} J (${summary.energy_source ?? "estimate"})`;
    }

    // The drawn figures among a run's files, and what one is called.
    export function figures(run) {
      return run.files.filter(file => /^figures\/.*\.svg$/.test(file));
    }
    export function figureTitle(file) { return file.slice(8, -4).replaceAll("-", " "); }

    // The contenders of a comparison, the claim of a study.
    function contenders(summary) {
      const parts = [];
      if (summary.claim) parts.push(el("p", {}, summary.claim));
      const rows = (summary.rows ?? []).filter(row => row.name);
      if (rows.length) {
        parts.push(table("Contenders; the error is relative, of the worst unknown",
          ["", "error", "bound", "estimate", "time", "steps", "energy"],
          rows.map(row => [row.name, short(row.error), short(row.error_bound),
            short(row.estimated_error), seconds(row.seconds), `${row.steps ?? ""}`,
            energy(row)])));
      }
      return parts;
    }

    export function facts(run, name) {
      const parts = [];
      const summary = run.summary;
      if (summary) {
        parts.push(el("h2", {}, "Findings"), list([
          ["Time", seconds(summary.seconds)], ["Method", summary.method ?? ""],
          ["Steps", summary.steps ? `${summary.steps}${rejected(summary)}` : ""],
          ["Evaluations", `${summary.evaluations || ""}`], ["Loss", short(summary.loss)],
          ["Parameters trained", `${summary.parameters ?? ""}`],
          ["χ² a point", short(summary.chi2_per_point)], ["Energy", energy(summary)],
          ["Seed", `${summary.seed ?? ""}`], ["Threads", `${summary.threads ?? ""}`],
        ]));
        parts.push(...contenders(summary));
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
      if (run.command) {
        const given = [...run.command.set, ...run.command.options];
        parts.push(el("h2", {}, "Command"), given.length
          ? el("ul", { id: "given" }, given.map(one => el("li", {}, one))) : "",
        el("p", { class: "soft" }, "In a terminal:"), el("pre", {}, run.command.text));
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
}
