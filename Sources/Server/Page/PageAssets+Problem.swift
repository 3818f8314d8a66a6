extension PageAssets {
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
    // What `compare` alone takes.
    const contenders = [
      ["flows", "Trainings (flow/stepper/control/scaling, …)", "gradient/lie2/descent"],
      ["with", "Classical methods beside the file's own", "tsit5, rodas5p"],
      ["seconds", "Seconds of each training", "30"],
    ];
    // What was typed for each problem; it stays while the page is open.
    const typed = new Map();

    // Fields for `--set path=value`; an empty one leaves the file's own value.
    export function settingsForm(name, onInput) {
      const kept = typed.get(name) ?? new Map();
      typed.set(name, kept);
      const field = (key, tag, attributes, isSetting = true) => {
        const input = el(tag, { name: key, autocomplete: "off", spellcheck: "false", ...attributes,
          input: () => { kept.set(key, input.value); if (isSetting) onInput(); } });
        input.value = kept.get(key) ?? "";
        return input;
      };
      const text = ([key, label, example], isSetting) => {
        const input = field(key, "input", { type: "text", placeholder: example }, isSetting);
        return { key, input, element: el("label", {}, isSetting ? `${label} (${key})` : label,
          input) };
      };
      const fields = common.map(one => text(one, true));
      const more = field("more", "textarea", { rows: 2, placeholder: "parameters.rho=99.65" });
      const threads = field("threads", "input",
        { type: "number", min: 1, max: 256, placeholder: "all cores" }, false);
      const options = contenders.map(one => text(one, false));
      const value = input => input.value.trim();
      return {
        element: el("div", {},
          el("fieldset", {}, el("legend", {}, "Settings of the run"),
            el("div", { class: "grid" }, fields.map(one => one.element),
              el("label", {}, "Threads", threads),
              el("label", { class: "wide" }, "Others, one path=value a line", more))),
          el("details", { open: options.some(one => value(one.input) !== "") },
            el("summary", {}, "Options of Compare"),
            el("div", { class: "grid" }, options.map(one => one.element)))),
        settings() {
          const own = fields.filter(one => value(one.input) !== "")
            .map(one => `${one.key}=${value(one.input)}`);
          return own.concat(more.value.split("\n").map(line => line.trim()).filter(Boolean));
        },
        get threads() { return threads.value === "" ? null : Number(threads.value); },
        get contenders() {
          return Object.fromEntries(options.map(one => [one.key, value(one.input)]));
        },
      };
    }
    """#

  /// One problem: its text, what is wrong with it, and the start of runs.
  static let problem = #"""
    import { el, announce, attempt, fail, faultPlace } from "./dom.js";
    import { get, post, problemLink, runLink } from "./api.js";
    import { Editor } from "./editor.js";
    import { settingsForm } from "./settings.js";

    const page = crypto.randomUUID();
    const patience = 350;

    // A file of the folder of problems.
    export function showProblem(main, name) { return show(main, { name }, `problem:${name}`); }

    // The problem as a run declares it: every setting filled in.
    export function showDeclared(main, run) { return show(main, { run }, `run:${run}`); }

    // What was typed and not saved outlives a look at other views, and a reload.
    const unsaved = {
      get(key) { return sessionStorage.getItem(key); },
      set(key, text) {
        try { sessionStorage.setItem(key, text); } catch { /* there is no room: so be it */ }
      },
      drop(key) { sessionStorage.removeItem(key); },
    };

    async function show(main, source, key) {
      const file = await get("api/problem", source);
      const isOfRun = file.name === null;
      const heading = isOfRun ? `Problem of ${source.run}`
        : file.original ? `${file.original}, edited` : file.name;
      let saved = file.text, timer = null, request = null;
      const verdict = el("p", { id: "verdict", role: "status" }, "checking …");
      const list = el("ul", { class: "plain messages", id: "messages",
        "aria-label": "Messages of the checker" });
      const [fault, saveFault] = [faultPlace(), faultPlace()];
      const editor = new Editor(isOfRun ? file.text : unsaved.get(key) ?? file.text,
        `Text of ${heading}`, later, isOfRun);
      const form = settingsForm(key, later);
      const title = el("input", { type: "text", id: "name", spellcheck: "false",
        value: file.original ?? file.name ?? source.run.split("/").slice(-2)[0] + ".yaml" });
      const edited = el("p", { class: "soft", id: "edited", role: "status" });
      const replace = el("button", { type: "button", hidden: true, click: () => save(true) },
        "Replace that file");
      const back = el("button", { type: "button", id: "back", click: () => {
        editor.text = saved;
        later();
        editor.area.focus();
      } }, "Take changes back");
      const starter = (verb, label) => {
        const button = el("button", { type: "button", class: "main", id: verb,
          click: () => start(verb, button) }, label);
        return button;
      };
      const buttons = [starter("solve", "Solve"), starter("train", "Train"),
        starter("compare", "Compare")];

      function later() {
        tellEdited();
        clearTimeout(timer);
        timer = setTimeout(check, patience);
      }
      function tellEdited() {
        const isEdited = editor.text !== saved;
        back.hidden = !isEdited;
        if (isOfRun) {
          edited.textContent = "As the run resolved it, every setting filled in. It stays as it " +
            "is: run it again with other settings, or save it among the problems to edit it.";
          return;
        }
        if (isEdited) unsaved.set(key, editor.text);
        else unsaved.drop(key);
        const words = isEdited
          ? "Not saved. A run takes the text as it stands here; it is kept beside the file."
          : file.original ? "A text that was run as it was edited; save it to give it a name." : "";
        if (edited.textContent !== words) edited.textContent = words;
      }
      async function check() {
        request?.abort();
        request = new AbortController();
        try {
          const found = await post("api/check",
            { ...source, page, text: editor.text, set: form.settings() }, request.signal);
          tell(found.diagnostics, found.kind ?? found.verdict);
        } catch (error) {
          // A newer text is checked in its place.
          if (error.name === "AbortError" || error.status === 409) return;
          editor.mark([]);
          list.replaceChildren();
          fail(verdict, error);
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
        announce(`starting ${verb} …`);
        const text = !isOfRun && editor.text !== saved ? editor.text : null;
        const found = await attempt(button, fault, () => post("api/start",
          { verb, ...source, text, set: form.settings(), threads: form.threads,
            ...(verb === "compare" ? form.contenders : {}) }));
        announce("");
        if (found) location.hash = runLink(found.run);
      }
      async function save(isReplacing) {
        const text = editor.text;
        const found = await attempt(null, saveFault, async () => {
          try {
            const name = title.value.trim();
            // The file that is edited here is replaced, unless another program changed it.
            return await post("api/save", { name, text, replace: isReplacing || name === file.name,
              expected: name === file.name && !isReplacing ? saved : null });
          } catch (error) {
            replace.hidden = error.status !== 409;
            throw error;
          }
        });
        if (!found) return;
        replace.hidden = true;
        unsaved.drop(key);
        announce(`saved as ${found.name}`);
        if (found.name !== file.name) {
          location.hash = problemLink(found.name);
        } else {
          saved = text;
          tellEdited();
        }
      }
      function keys(event) {
        if (event.key === "F8") editor.step(event.shiftKey ? -1 : 1);
        else if (event.key === "Enter" && event.ctrlKey) buttons[event.shiftKey ? 1 : 0].click();
        else if (event.key === "s" && event.ctrlKey) save(false);
        else return;
        event.preventDefault();
      }

      main.addEventListener("keydown", keys);
      main.append(el("h1", {}, heading),
        el("div", { class: "columns" },
          el("section", { "aria-label": "Text" }, editor.element, verdict, list, edited,
            el("div", { class: "bar" },
              el("label", {}, "Save the text as", title),
              el("button", { type: "button", id: "save", click: () => save(false) }, "Save"),
              replace, back), saveFault),
          el("section", { "aria-label": "Run" }, form.element,
            el("div", { class: "bar" }, buttons), fault,
            el("p", { class: "soft" },
              "Solve finds the classical solution, Train a learned one, Compare both in one ",
              "table. F8 goes to the next message, Ctrl+Enter solves, Ctrl+S saves."))));
      tellEdited();
      check();
      return () => {
        clearTimeout(timer);
        request?.abort();
      };
    }
    """#
}
