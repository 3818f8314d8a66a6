extension PageAssets {
  /// A text with line numbers and underlines.
  static let editor = #"""
    import { el } from "./dom.js";

    // A field for a problem's text; messages are { severity, line, column, length, message }.
    export class Editor {
      constructor(text, label, onInput) {
        this.lines = el("pre", { class: "lines", "aria-hidden": "true" });
        this.under = el("pre", { class: "under", "aria-hidden": "true" });
        this.area = el("textarea", { id: "text", "aria-label": label, spellcheck: "false",
          autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-describedby": "verdict" });
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

  /// Settings that a run changes.
  static let settings = #"""
    import { el } from "./dom.js";

    const common = [
      ["solve.rtol", "Relative tolerance", "1e-8"], ["solve.method", "Method", "rodas5p"],
      ["solve.accuracy", "Accuracy of a PDE", "1e-6"],
      ["train.stop.seconds", "Seconds of training", "30"],
      ["train.stop.steps", "Steps of training", "500"], ["train.seed", "Seed of training", "1"],
      ["network.hidden", "Hidden layers", "[30, 30]"],
    ];

    // Fields for `--set path=value`; an empty one leaves the file's own value.
    export function settingsForm(onInput) {
      const fields = common.map(([path, label, example]) => {
        const input = el("input", { type: "text", name: path, placeholder: example,
          autocomplete: "off", spellcheck: "false", input: onInput });
        return { path, input, element: el("label", {}, `${label} (${path})`, input) };
      });
      const threads = el("input", { type: "number", min: 1, max: 256, name: "threads",
        placeholder: "all cores" });
      const more = el("textarea", { rows: 2, name: "more", spellcheck: "false", input: onInput,
        placeholder: "parameters.rho=99.65" });
      return {
        element: el("fieldset", {}, el("legend", {}, "Settings of the run"),
          el("div", { class: "grid" }, fields.map(field => field.element),
            el("label", {}, "Threads", threads),
            el("label", { class: "wide" }, "Others, one path=value a line", more))),
        settings() {
          const own = fields.filter(field => field.input.value.trim() !== "")
            .map(field => `${field.path}=${field.input.value.trim()}`);
          const others = more.value.split("\n").map(line => line.trim()).filter(Boolean);
          return own.concat(others);
        },
        get threads() { return threads.value === "" ? null : Number(threads.value); },
      };
    }
    """#

  /// One problem: its text, what is wrong with it, and the start of runs.
  static let problem = #"""
    import { el, announce, attempt, faultPlace } from "./dom.js";
    import { get, post } from "./api.js";
    import { Editor } from "./editor.js";
    import { settingsForm } from "./settings.js";
    import { runLink } from "./runs.js";

    const page = crypto.randomUUID();
    const patience = 350;

    export async function showProblem(main, name) {
      const file = await get("api/problem", { name });
      let saved = file.text, timer = null, request = null;
      const verdict = el("p", { id: "verdict", role: "status" }, "checking …");
      const list = el("ul", { class: "plain messages", id: "messages",
        "aria-label": "Messages of the checker" });
      const [fault, saveFault] = [faultPlace(), faultPlace()];
      const editor = new Editor(file.text, `Text of ${name}`, later);
      const form = settingsForm(later);
      const title = el("input", { type: "text", id: "name", value: name, spellcheck: "false" });
      const replace = el("button", { type: "button", hidden: true, click: () => save(true) },
        "Replace that file");
      const solve = el("button", { type: "button", class: "main", id: "solve",
        click: () => start("solve", solve) }, "Solve");
      const train = el("button", { type: "button", class: "main", id: "train",
        click: () => start("train", train) }, "Train");

      function later() {
        clearTimeout(timer);
        timer = setTimeout(check, patience);
      }
      async function check() {
        request?.abort();
        request = new AbortController();
        try {
          const found = await post("api/check",
            { name, page, text: editor.text, set: form.settings() }, request.signal);
          tell(found.diagnostics, found.kind ?? found.verdict);
        } catch (error) {
          // A newer text is checked in its place.
          if (error.name === "AbortError" || error.message.startsWith("a newer text")) return;
          tell([], error.message);
        }
      }
      function tell(messages, found) {
        editor.mark(messages);
        const errors = messages.filter(message => message.severity === "error").length;
        const warnings = messages.length - errors;
        verdict.textContent = errors + warnings === 0 ? found
          : [errors && `${errors} error${errors > 1 ? "s" : ""}`,
            warnings && `${warnings} warning${warnings > 1 ? "s" : ""}`]
            .filter(Boolean).join(", ") + (errors ? "" : `; ${found}`);
        list.replaceChildren(...messages.map(message => {
          const place = message.line > 0 ? `${message.line}:${message.column} ` : "settings: ";
          const words = `${place}${message.message}; ${message.remedy}`;
          return el("li", { class: message.severity }, message.line > 0
            ? el("button", { type: "button", click: () => editor.go(message) }, words)
            : words);
        }));
      }
      async function start(verb, button) {
        if (editor.text !== saved) {
          fault.textContent = "The text is changed: save it first, or take the changes back.";
          return;
        }
        announce(`starting ${verb} …`);
        const found = await attempt(button, fault, () => post("api/start",
          { verb, name, set: form.settings(), threads: form.threads }));
        announce("");
        if (found) location.hash = runLink(found.run);
      }
      async function save(replacing) {
        const found = await attempt(null, saveFault, () => post("api/save",
          { name: title.value.trim(), text: editor.text, replace: replacing }));
        replace.hidden = !/is there already/.test(saveFault.textContent);
        if (!found) return;
        saved = editor.text;
        announce(`saved as ${found.name}`);
        if (found.name !== name) location.hash = "#/problem/" + encodeURIComponent(found.name);
      }
      function keys(event) {
        if (event.key === "F8") editor.step(event.shiftKey ? -1 : 1);
        else if (event.key === "Enter" && event.ctrlKey) (event.shiftKey ? train : solve).click();
        else return;
        event.preventDefault();
      }

      main.addEventListener("keydown", keys);
      main.append(el("h1", {}, name),
        el("div", { class: "columns" },
          el("section", { "aria-label": "Text" }, editor.element, verdict, list,
            el("div", { class: "bar" },
              el("label", {}, "Save the text as", title),
              el("button", { type: "button", click: () => save(false) }, "Save"), replace,
              el("button", { type: "button",
                click: () => { editor.text = saved; check(); editor.area.focus(); } },
              "Take changes back")), saveFault),
          el("section", { "aria-label": "Run" }, form.element,
            el("div", { class: "bar" }, solve, train), fault,
            el("p", { class: "soft" },
              "Solve finds the classical solution, Train a learned one. F8 goes to the next ",
              "message, Ctrl+Enter solves."))));
      check();
      return () => {
        clearTimeout(timer);
        request?.abort();
        main.removeEventListener("keydown", keys);
      };
    }
    """#
}
