extension PageAssets {
  /// Curves in SVG: axes, ticks, a legend, and words for those who do not see them.
  static let chart = #"""
    import { el, svg } from "./dom.js";
    import { short } from "./numbers.js";

    const margin = { left: 58, right: 12, top: 10, bottom: 40 };
    const height = 260;
    const dashes = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 3", "6 2 2 2"];

    // Curves that can be drawn anew: { title, x, y, logX, logY }; a series is
    // { name, points: [[x, y]], dots }, dots for single marks instead of a line.
    //
    // Drawn once a frame at most, and only what changed.
    export class Chart {
      constructor(options) {
        this.options = options;
        this.series = [];
        this.back = svg("g");
        this.front = svg("g");
        this.drawing = svg("svg", { class: "chart", role: "img" }, this.back, this.front);
        this.legend = el("ul", { class: "legend" });
        this.element = el("figure", {}, el("figcaption", {}, options.title), this.drawing,
          this.legend);
        this.known = {};
        this.isDue = false;
        new ResizeObserver(() => this.schedule()).observe(this.element);
      }

      show(series) {
        this.series = series;
        this.schedule();
      }

      schedule() {
        if (this.isDue) return;
        this.isDue = true;
        requestAnimationFrame(() => { this.isDue = false; this.draw(); });
      }

      // Does something unless it was done for the same key.
      once(name, key, work) {
        if (this.known[name] === key) return;
        this.known[name] = key;
        work();
      }

      draw() {
        const width = Math.max(240, Math.floor(this.element.clientWidth));
        const isShown = ([x, y]) => Number.isFinite(x) && Number.isFinite(y) &&
          (!this.options.logX || x > 0) && (!this.options.logY || y > 0);
        const series = this.series.map((one, index) =>
          ({ ...one, index, points: one.points.filter(isShown) }));
        const isEmpty = series.every(one => one.points.length === 0);
        this.once("width", width, () =>
          this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`));
        const words = this.words(series);
        this.once("words", words, () => this.drawing.setAttribute("aria-label", words));
        const names = isEmpty ? "" : JSON.stringify(series.map(one => [one.name, one.dots]));
        this.once("names", names, () => {
          this.front.replaceChildren();
          this.legend.replaceChildren(...(isEmpty ? []
            : series.map(one => el("li", {}, swatch(one), one.name))));
        });
        if (isEmpty) {
          this.once("frame", "", () => this.back.replaceChildren(
            svg("text", { x: margin.left, y: height / 2 }, "no rows yet")));
          return;
        }
        const room = width - margin.left - margin.right;
        const x = axis(series, 0, this.options.logX, margin.left, width - margin.right,
          Math.max(2, Math.floor(room / 90)));
        const y = axis(series, 1, this.options.logY, height - margin.bottom, margin.top, 5);
        const places = one => one.ticks.map(tick => [tick, one.place(tick).toFixed(1)]);
        this.once("frame", JSON.stringify([width, places(x), places(y)]), () =>
          this.frame(x, y, width));
        series.forEach((one, index) => this.trace(index, one, x, y));
      }

      frame(x, y, width) {
        const bottom = height - margin.bottom;
        const parts = y.ticks.flatMap(tick => [
          svg("line", { class: "rule", x1: margin.left, x2: width - margin.right,
            y1: y.place(tick), y2: y.place(tick) }),
          svg("text", { x: margin.left - 6, y: y.place(tick) + 4, "text-anchor": "end" },
            short(tick))]);
        parts.push(...x.ticks.flatMap(tick => [
          svg("line", { class: "rule", x1: x.place(tick), x2: x.place(tick), y1: margin.top,
            y2: bottom }),
          svg("text", { x: x.place(tick), y: bottom + 16, "text-anchor": "middle" },
            short(tick))]));
        parts.push(
          svg("path", { class: "axis",
            d: `M${margin.left} ${margin.top}V${bottom}H${width - margin.right}` }),
          svg("text", { x: (margin.left + width - margin.right) / 2, y: height - 6,
            "text-anchor": "middle" }, this.options.x));
        this.back.replaceChildren(...parts);
      }

      // One path for each series, dots too: they are lines of no length with round ends.
      trace(index, one, x, y) {
        const colour = `c${index % 8}`;
        const path = this.front.children[index] ?? this.front.appendChild(one.dots
          ? svg("path", { class: `dots ${colour}` })
          : svg("path", { class: `curve ${colour}`, "stroke-dasharray": dashes[index % 8] }));
        const parts = one.points.map((point, number) => {
          const place = `${x.place(point[0]).toFixed(1)} ${y.place(point[1]).toFixed(1)}`;
          return one.dots ? `M${place}h0` : `${number ? "L" : "M"}${place}`;
        });
        if (parts.length === 1 && !one.dots) parts.push("h1");
        path.setAttribute("d", parts.join(""));
      }

      // The last values, which is what one looks for in a curve that grows.
      words(series) {
        const parts = series.filter(one => one.points.length > 0).map(one => {
          const [x, y] = one.points[one.points.length - 1];
          return `${one.name} ${short(y)} at ${this.options.x} ${short(x)}`;
        });
        return `${this.options.title}: ${parts.join("; ") || "no rows yet"}`;
      }
    }

    // A scale over the numbers, from one place to another, with its ticks.
    function axis(series, column, isLog, from, to, count) {
      let [low, high] = [Infinity, -Infinity];
      for (const { points } of series) {
        for (const point of points) {
          low = Math.min(low, point[column]);
          high = Math.max(high, point[column]);
        }
      }
      if (isLog) [low, high] = [Math.log10(low), Math.log10(high)];
      if (high - low < 1e-12 * Math.max(Math.abs(high), 1)) {
        [low, high] = [low - 0.5, high + 0.5];
      }
      const wanted = (high - low) / count;
      const step = isLog ? Math.max(1, Math.ceil(wanted)) : nice(wanted);
      const ticks = [];
      for (let place = Math.ceil(low / step - 1e-9); place * step <= high + 1e-9 * step; place++) {
        ticks.push(isLog ? 10 ** (place * step) : Number((place * step).toPrecision(12)));
      }
      if (isLog && high - low < 2) ticks.splice(0, ticks.length, ...between(low, high));
      const place = number =>
        from + (to - from) * ((isLog ? Math.log10(number) : number) - low) / (high - low);
      return { ticks, place };
    }

    // Within two decades: 1, 2 and 5 times powers of ten, or the ends alone.
    function between(low, high) {
      const found = [];
      for (let power = Math.floor(low); power <= high; power++) {
        found.push(...[1, 2, 5].map(factor => factor * 10 ** power));
      }
      const inside = found.filter(tick => tick >= 10 ** low && tick <= 10 ** high);
      return inside.length > 1 ? inside : [10 ** low, 10 ** high];
    }

    function nice(step) {
      const power = 10 ** Math.floor(Math.log10(step));
      return [1, 2, 5, 10].find(factor => factor * power >= 0.8 * step) * power;
    }

    function swatch(one) {
      const colour = `c${one.index % 8}`;
      const mark = one.dots
        ? svg("path", { class: `dots ${colour}`, d: "M14 5h0" })
        : svg("path", { class: `curve ${colour}`, d: "M0 5H28",
          "stroke-dasharray": dashes[one.index % 8] });
      const image = svg("svg", { class: "chart", viewBox: "0 0 28 10", "aria-hidden": "true" });
      image.append(mark);
      return image;
    }
    """#
}
