extension PageAssets {
  /// The solutions of runs that have ended: curves, or slices of fields.
  static let curves = #"""
    import { el } from "./dom.js";
    import { get } from "./api.js";
    import { Chart } from "./chart.js";
    import { values } from "./numbers.js";

    // Most curves in one drawing: there are as many colours.
    const most = 8;
    const several = "several of each run";

    // The solution of a run: { run, over, columns, parts: [{ name, rows }], count, words }.
    export async function sample(run) {
      try {
        const found = await get("api/curves", { run });
        const parts = found.parts.map(part => ({ ...part, rows: part.rows.map(values) }));
        return { run, ...found, parts };
      } catch (error) {
        return { run, over: "", columns: [], parts: [], count: 0, words: error.message };
      }
    }

    // Drawings of one run's solution, or of several in one; those over other variables stand apart.
    export function drawings(samples) {
      const groups = new Map();
      for (const one of samples.filter(one => one.parts.length > 0)) {
        groups.set(one.over, [...(groups.get(one.over) ?? []), one]);
      }
      return [...groups.values()].flatMap(group => drawing(group, samples.length > 1));
    }

    function drawing(samples, isComparison) {
      const { over } = samples[0];
      const shared = samples[0].columns.slice(1).filter(column =>
        samples.every(({ columns }) => columns.includes(column)));
      if (shared.length === 0) return [];
      const chart = new Chart({ title: isComparison ? "Solutions" : "Solution", x: over });
      const words = el("p", { class: "soft" });
      // One curve of one run: all columns go into one drawing.
      if (!isComparison && samples[0].parts.length === 1) {
        chart.show(shared.slice(0, most).map(name => ({ name,
          points: points(samples[0], samples[0].parts[0], name) })));
        if (shared.length > most) {
          words.textContent = `The first ${most} of ${shared.length} columns.`;
        }
        return [chart.element, words];
      }
      const column = choice(shared, show);
      const names = [...new Set(samples.flatMap(one => one.parts.map(part => part.name)))]
        .filter(Boolean);
      const common = names.filter(name => samples.every(one =>
        one.parts.length === 1 || one.parts.some(part => part.name === name)));
      const part = choice(isComparison ? [...names, several] : [], show);
      // Of slices the last one that all have, which is the end of the time.
      part.value = isSliced(samples) && common.length ? common.at(-1) : several;

      function show() {
        const wanted = part.value;
        const each = Math.max(1, Math.floor(most / samples.length));
        const series = samples.flatMap(one => {
          const own = !isComparison ? one.parts : wanted === several ? spread(one.parts, each)
            : one.parts.filter(found => one.parts.length === 1 || found.name === wanted);
          return own.map(found => ({ name: label(one, found),
            points: points(one, found, column.value) }));
        });
        chart.show(series.slice(0, most));
        words.textContent = said(samples, series, isComparison);
      }
      function label(one, found) {
        if (!isComparison) return found.name;
        return found.name ? `${one.run}: ${found.name}` : one.run;
      }
      show();
      return [el("div", { class: "bar" }, el("label", {}, "Curve", column),
        isComparison && names.length > 0 ? el("label", {}, "Part", part) : null),
      chart.element, words];
    }

    function said(samples, series, isComparison) {
      if (!isComparison) return samples[0].words;
      const told = [...new Set(samples.map(one => one.words).filter(Boolean))];
      // Said once where it is the same of all.
      const parts = told.length === 1 && samples.every(one => one.words) ? told
        : samples.filter(one => one.words).map(one => `${one.run}: ${one.words}`);
      if (series.length > most) parts.push(`The first ${most} of ${series.length} are drawn.`);
      return parts.join(" ");
    }

    function isSliced(samples) { return samples.every(one => one.words.startsWith("Slices")); }

    function points(one, part, name) {
      const place = one.columns.indexOf(name);
      return part.rows.map(row => [row[0], row[place]]);
    }

    function choice(names, change) {
      return el("select", { change }, names.map(name => el("option", {}, name)));
    }

    // Some of a list, evenly spaced, both ends among them.
    function spread(list, count) {
      if (list.length <= count) return list;
      if (count === 1) return [list.at(-1)];
      return Array.from({ length: count }, (_, index) =>
        list[Math.floor(index * (list.length - 1) / (count - 1))]);
    }
    """#
}
