extension PageAssets {
  /// A text with line numbers and underlines.
  static let editor = #"""
    import { el } from "./dom.js";

    // A field for a problem's text; messages are { severity, line, column, length, message }.
    export class Editor {
      constructor(text, label, onInput, isReadOnly = false) {
        this.lines = el("pre", { class: "lines", "aria-hidden": "true" });
        this.under = el("pre", { class: "under", "aria-hidden": "true" });
        this.area = el("textarea", { id: "text", "aria-label": label, spellcheck: "false",
          autocapitalize: "off", autocomplete: "off", wrap: "off", readonly: isReadOnly,
          "aria-describedby": "verdict" });
        this.area.value = text;
        this.messages = [];
        this.area.addEventListener("input", () => { this.draw(); onInput(); });
        this.area.addEventListener("scroll", () => this.follow());
        this.element = el("div", { class: "editor" }, this.lines,
          el("div", { class: "stack" }, this.under, this.area));
        this.draw();
      }

      get text() { return this.area.value; }
      set text(text) { this.area.value = text; this.draw(); }

      mark(messages) {
        this.messages = messages;
        this.draw();
      }

      // The underlines scroll with the text.
      follow() {
        this.lines.scrollTop = this.area.scrollTop;
        this.under.scrollTop = this.area.scrollTop;
        this.under.scrollLeft = this.area.scrollLeft;
      }

      draw() {
        const count = this.text.split("\n").length;
        const worst = new Map();
        for (const { line, severity } of this.messages) {
          if (worst.get(line) !== "error") worst.set(line, severity);
        }
        this.lines.replaceChildren(...Array.from({ length: count }, (_, index) => {
          const severity = worst.get(index + 1);
          return severity
            ? el("span", { class: severity },
              `${severity === "error" ? "●" : "▲"}${index + 1}\n`)
            : `${index + 1}\n`;
        }));
        const parts = [];
        let place = 0;
        for (const message of this.ranges()) {
          if (message.start < place) continue;
          parts.push(this.text.slice(place, message.start),
            el("mark", { class: message.severity }, this.text.slice(message.start, message.end)));
          place = message.end;
        }
        parts.push(this.text.slice(place) + "\n");
        this.under.replaceChildren(...parts);
        this.follow();
      }

      // The messages that have a place, with its offsets, in the order of the text.
      ranges() {
        return this.messages.filter(message => message.line > 0).map(message => {
          const [start, end] = this.range(message);
          return { ...message, start, end };
        }).filter(message => message.end > message.start).sort((a, b) => a.start - b.start);
      }

      // Columns count characters of Unicode; a text of JavaScript counts halves of some of them.
      range({ line, column, length }) {
        const lines = this.text.split("\n");
        const row = [...(lines[line - 1] ?? "")];
        const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
        const size = part => part.join("").length;
        const start = before + size(row.slice(0, column - 1));
        const end = start + size(row.slice(column - 1, column - 1 + Math.max(length ?? 1, 1)));
        return [start, Math.max(end, Math.min(start + 1, this.text.length))];
      }

      // Puts the cursor on a message's place and brings it into view.
      go(message) {
        const [start, end] = this.range(message);
        this.area.focus();
        this.area.setSelectionRange(start, end);
        const height = parseFloat(getComputedStyle(this.area).lineHeight);
        this.area.scrollTop = Math.max(0, (message.line - 4) * height);
        this.area.scrollLeft = 0;
        this.follow();
      }

      // The next message after the cursor, or the one before it.
      step(direction) {
        const found = this.ranges();
        if (found.length === 0) return;
        const cursor = this.area.selectionStart;
        const next = direction > 0
          ? found.find(message => message.start > cursor) ?? found[0]
          : found.findLast(message => message.start < cursor) ?? found[found.length - 1];
        this.go(next);
      }
    }
    """#
}
