extension PageAssets {
  /// The list of runs.
  static let runs = #"""
    import { el, announce, fail, faultPlace } from "./dom.js";
    import { get, runLink } from "./api.js";
    import { short, seconds, when } from "./numbers.js";

    // Runs chosen for comparison; they stay chosen while the page is open.
    export const chosen = new Set();

    const columns = [
      { key: "run", label: "Run" }, { key: "state", label: "State" },
      { key: "error", label: "Error", isNumber: true },
      { key: "seconds", label: "Time", isNumber: true },
      { key: "method", label: "Method" },
      { key: "modified", label: "Last change", isNumber: true },
    ];
    const order = { key: "modified", isDown: true };
    const refresh = 5000;

    export async function showRuns(main) {
      const filter = el("input", { type: "search", id: "filter", input: () => fill() });
      const state = el("select", { id: "state", change: () => fill() },
        ["any", "running", "reached", "failed", "stopped", "lost"].map(word =>
          el("option", {}, word)));
      const compare = el("a", { href: "#/compare" }, "Compare the runs chosen");
      const head = el("tr", {}, el("th", { scope: "col" }, "Choose"));
      const body = el("tbody");
      const count = el("p", { class: "soft", role: "status" });
      const fault = faultPlace();
      const table = el("table", { class: "cards", id: "runs", hidden: true },
        el("caption", {}, "Runs; the error is relative, of the worst unknown"),
        el("thead", {}, head), body);
      let rows = [], text = null, timer = null, hasLeft = false;

      function sortBy(column) {
        order.isDown = order.key === column.key ? !order.isDown : column.isNumber === true;
        order.key = column.key;
        mark();
        fill();
      }
      function mark() {
        for (const cell of head.querySelectorAll("[data-key]")) {
          const isOwn = cell.dataset.key === order.key;
          const direction = order.isDown ? "descending" : "ascending";
          cell.setAttribute("aria-sort", isOwn ? direction : "none");
          cell.querySelector("span").textContent = isOwn ? (order.isDown ? " ↓" : " ↑") : "";
        }
      }
      function fill() {
        const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
        const shown = rows.filter(run => (state.value === "any" || run.state === state.value) &&
          words.every(word => `${run.run} ${run.method ?? ""} ${run.message}`.toLowerCase()
            .includes(word)));
        shown.sort((a, b) => compareBy(order.key, a, b) * (order.isDown ? -1 : 1));
        const focused = document.activeElement?.closest?.("tr")?.dataset.run;
        const tag = document.activeElement?.tagName;
        body.replaceChildren(...shown.map(row));
        if (focused && tag) {
          body.querySelector(`tr[data-run="${CSS.escape(focused)}"] ${tag}`)?.focus();
        }
        table.hidden = rows.length === 0;
        count.replaceChildren(...(rows.length === 0
          ? ["There are no runs yet: choose a ", el("a", { href: "#/problems" }, "problem"),
            " and solve it."]
          : [`${shown.length} of ${rows.length} runs`]));
      }
      async function load() {
        clearTimeout(timer);
        const begun = performance.now();
        try {
          const found = await get("api/runs");
          fault.replaceChildren();
          const fresh = JSON.stringify(found);
          if (fresh !== text) { rows = found; text = fresh; fill(); }
        } catch (error) { fail(fault, error); }
        // A long list is looked at less often; one that nobody sees, not at all.
        const pause = Math.max(refresh, 50 * (performance.now() - begun));
        const isWanted = rows.some(run => run.state === "running") && !document.hidden;
        if (isWanted && !hasLeft) timer = setTimeout(load, pause);
      }
      function look() { if (!document.hidden) load(); }

      for (const column of columns) {
        head.append(el("th", { scope: "col", class: column.isNumber ? "number" : null,
          "data-key": column.key }, el("button", { type: "button", click: () => sortBy(column) },
          column.label, el("span", { "aria-hidden": "true" }))));
      }
      mark();
      main.append(el("h1", {}, "Runs"),
        el("div", { class: "bar" },
          el("label", {}, "Filter", filter), el("label", {}, "State", state),
          el("button", { type: "button", click: load }, "Look again"), compare),
        fault, count, table);
      await load();
      // What the time to the first row is measured by.
      performance.mark("runs-shown");
      document.addEventListener("visibilitychange", look);
      return () => {
        hasLeft = true;
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", look);
      };
    }

    function compareBy(key, a, b) {
      const [x, y] = [a[key], b[key]];
      if (x === y) return 0;
      if (x === null || x === undefined) return 1;
      if (y === null || y === undefined) return -1;
      return x < y ? -1 : 1;
    }

    function row(run) {
      const box = el("input", { type: "checkbox", checked: chosen.has(run.run),
        "aria-label": `Choose ${run.run}`, change: () => {
          if (box.checked) chosen.add(run.run); else chosen.delete(run.run);
          announce(`${chosen.size} runs chosen`);
        } });
      return el("tr", { "data-run": run.run }, el("td", {}, box),
        el("td", { class: "first" }, el("a", { href: runLink(run.run) }, run.run)),
        el("td", {}, el("span", { class: `state ${run.state}`, title: run.message }, run.state)),
        el("td", { class: "number", "data-label": "error" }, short(run.error)),
        el("td", { class: "number", "data-label": "time" }, seconds(run.seconds)),
        el("td", { "data-label": "by" }, run.method ?? ""),
        el("td", { class: "number" }, when(run.modified)));
    }
    """#

  /// The gallery.
  static let problems = #"""
    import { el, fail, faultPlace } from "./dom.js";
    import { get, problemLink } from "./api.js";

    export async function showProblems(main) {
      const filter = el("input", { type: "search", id: "filter", input: () => fill() });
      const list = el("ul", { class: "plain", id: "problems" });
      const count = el("p", { class: "soft", role: "status" });
      const fault = faultPlace();
      let problems = [];
      function fill() {
        const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
        const shown = problems.filter(problem => words.every(word =>
          `${problem.name} ${problem.title} ${problem.kind}`.toLowerCase().includes(word)));
        list.replaceChildren(...shown.map(entry));
        count.textContent = problems.length === 0
          ? "There are no problem files here: name their folder with cauchy serve --problems."
          : `${shown.length} of ${problems.length} problems`;
      }
      // Of a wrong file the title is not known: it is opened to see why.
      function entry({ name, title, kind }) {
        const isWrong = kind === "wrong";
        return el("li", {}, el("a", { href: problemLink(name) }, isWrong ? name : title), " ",
          isWrong ? el("span", { class: "state failed" }, "has errors")
            : el("span", { class: "soft" }, `${name} · ${kind.replace(/^right; /, "")}`));
      }
      main.append(el("h1", {}, "Problems"),
        el("div", { class: "bar" }, el("label", {}, "Filter", filter)), fault, count, list);
      try {
        problems = await get("api/gallery");
        fill();
      } catch (error) { fail(fault, error); }
    }
    """#
}
