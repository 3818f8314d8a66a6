extension PageAssets {
  /// Which view is shown, and the keys that work everywhere.
  static let main = #"""
    import { el, announce, fail, faultPlace } from "./dom.js";
    import { showRuns } from "./runs.js";
    import { showProblems } from "./problems.js";
    import { showProblem, showDeclared } from "./problem.js";
    import { showRun } from "./run.js";
    import { showCompare } from "./compare.js";
    import { showKeys, hasLetterKeys } from "./keys.js";

    // Each view fills the main element, and may return what ends it.
    const views = { "": showRuns, problems: showProblems, problem: showProblem,
      declared: showDeclared, run: showRun, compare: showCompare, keys: showKeys };
    const names = { "": "runs", problem: "problems", declared: "runs", run: "runs" };
    const main = document.getElementById("main");
    let leave = null;
    let number = 0;

    async function show() {
      const [view, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
      if (location.hash === "#main") return;
      leave?.();
      leave = null;
      announce("");
      const own = ++number;
      for (const link of document.querySelectorAll("nav a")) {
        if (link.dataset.view === (names[view] ?? view)) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      // A place of its own: what a view adds that was left meanwhile is seen by nobody.
      const place = el("div");
      main.replaceChildren(place);
      main.setAttribute("aria-busy", "true");
      const slow = setTimeout(() => {
        if (own === number) main.append(el("p", { class: "soft", id: "slow" }, "loading …"));
      }, 400);
      try {
        const end = await (views[view] ?? showRuns)(place, rest.map(decodeURIComponent).join("/"));
        if (own === number) leave = end ?? null;
        else end?.();
      } catch (error) {
        const fault = faultPlace();
        place.append(el("h1", {}, "This cannot be shown"), fault);
        fail(fault, error);
        place.append(el("p", {}, "Look in the ", el("a", { href: "#/" }, "list of runs"), " or of ",
          el("a", { href: "#/problems" }, "problems"), "."));
      }
      clearTimeout(slow);
      if (own !== number) return;
      document.getElementById("slow")?.remove();
      main.removeAttribute("aria-busy");
      document.title = (main.querySelector("h1")?.textContent ?? "Cauchy") + " · Cauchy";
      // Whoever came by a key or a link starts at the top of what is new; the first Tab of all goes
      // to the link that skips the head.
      if (own > 1 && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
    }

    document.getElementById("skip").addEventListener("click", event => {
      event.preventDefault();
      main.focus();
    });

    document.addEventListener("keydown", event => {
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !hasLetterKeys()) return;
      const places = { r: "#/", p: "#/problems", c: "#/compare", "?": "#/keys" };
      if (event.key === "/") {
        const filter = main.querySelector("input[type=search]");
        if (!filter) return;
        filter.focus();
      } else if (places[event.key]) {
        location.hash = places[event.key];
      } else {
        return;
      }
      event.preventDefault();
    });

    window.addEventListener("hashchange", show);
    show();
    """#

  /// The keys, told and switched.
  static let keys = #"""
    import { el } from "./dom.js";

    export function hasLetterKeys() { return localStorage.getItem("letter-keys") !== "off"; }

    const letters = [["r", "runs"], ["p", "problems"], ["c", "compare the runs chosen"],
      ["/", "to the filter of a list"], ["?", "this page"]];
    const others = [["Tab, Shift+Tab", "to the next, the previous control"],
      ["Enter, Space", "press a button; choose a run"],
      ["F8, Shift+F8", "in a problem: to the next, the previous message"],
      ["Ctrl+Enter", "in a problem: solve it"],
      ["Ctrl+Shift+Enter", "in a problem: train it"]];

    function table(caption, rows) {
      return el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {},
        el("th", { scope: "col" }, "Key"), el("th", { scope: "col" }, "What it does"))),
        el("tbody", {}, rows.map(([key, text]) => el("tr", {},
          el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, text)))));
    }

    export function showKeys(main) {
      const box = el("input", { type: "checkbox", id: "letters", checked: hasLetterKeys(),
        change: () => localStorage.setItem("letter-keys", box.checked ? "on" : "off") });
      main.append(el("h1", {}, "Keys"),
        el("p", {}, "Everything on this page can be done with the keyboard alone."),
        table("Everywhere", others), table("Outside of text fields", letters),
        el("p", {}, box, " ", el("label", { for: "letters" }, "Keys of one letter work")));
    }
    """#
}
