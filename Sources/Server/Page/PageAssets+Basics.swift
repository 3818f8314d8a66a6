extension PageAssets {
  /// Elements, notices and focus.
  static let dom = #"""
    // An element with attributes and children; a function among the attributes is a listener.
    export function el(tag, attributes = {}, ...children) {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (typeof value === "function") element.addEventListener(name, value);
        else if (value === true) element.setAttribute(name, "");
        else element.setAttribute(name, value);
      }
      element.append(...children.flat().filter(child => child !== null && child !== undefined));
      return element;
    }

    export function svg(tag, attributes = {}, ...children) {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.append(...children);
      return element;
    }

    // Says something to everyone, screen readers included.
    export function announce(text) {
      document.getElementById("notice").textContent = text;
    }

    // Does something asynchronous for a button, and puts a failure at its place.
    export async function attempt(button, place, work) {
      place.replaceChildren();
      // A disabled button would lose the focus.
      if (button?.getAttribute("aria-disabled") === "true") return undefined;
      button?.setAttribute("aria-disabled", "true");
      try {
        return await work();
      } catch (error) {
        fail(place, error);
        return undefined;
      } finally {
        button?.removeAttribute("aria-disabled");
      }
    }

    // A place for failures; screen readers read what is put there.
    export function faultPlace() {
      return el("div", { class: "fault", role: "alert" });
    }

    // Puts a failure at its place: a sentence, and what a program said behind it for who wants it.
    export function fail(place, error) {
      place.replaceChildren(error.message);
      if (error.details) {
        place.append(el("details", {}, el("summary", {}, "What the program said"),
          el("pre", {}, error.details)));
      }
    }
    """#

  /// Requests to the server.
  static let api = #"""
    // Every address starts with the token, which is the first part of the page's own.
    const token = location.pathname.split("/")[1];

    export function address(path, parameters = {}) {
      const query = Object.entries(parameters).flatMap(([name, value]) =>
        [value].flat().map(one => `${name}=${encodeURIComponent(one)}`)).join("&");
      return `/${token}/${path}${query ? "?" + query : ""}`;
    }

    function escaped(path) { return path.split("/").map(encodeURIComponent).join("/"); }

    export function fileAddress(run, name) { return address("files/" + escaped(`${run}/${name}`)); }

    // Where a run is shown, a problem of the folder of problems, and the one that a run declares.
    export function runLink(name) { return "#/run/" + escaped(name); }
    export function problemLink(name) { return "#/problem/" + escaped(name); }
    export function declaredLink(run) { return "#/declared/" + escaped(run); }

    async function read(response) {
      let body = null;
      const text = await response.text();
      try { body = JSON.parse(text); } catch { /* a refusal of the gate is plain text */ }
      if (response.ok && body !== null) return body;
      const fault = new Error(
        body?.error ?? (text.trim() || `the server answered ${response.status}`));
      throw Object.assign(fault, { details: body?.details, status: response.status });
    }

    async function send(path, options) {
      let response;
      try {
        response = await fetch(path, { cache: "no-store", credentials: "omit", ...options });
      } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Error("the server does not answer; start 'cauchy serve' again and open the " +
          "address that it prints. Runs go on without it.");
      }
      return read(response);
    }

    export function get(path, parameters) { return send(address(path, parameters)); }

    export function post(path, body, signal) {
      return send(address(path), {
        method: "POST", signal, body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-Cauchy-Token": token },
      });
    }
    """#

  /// Numbers for people, and rows of tables.
  static let numbers = #"""
    export function short(value, digits = 3) {
      if (value === null || value === undefined || !Number.isFinite(value)) return "";
      if (value === 0) return "0";
      const size = Math.abs(value);
      if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(digits)));
      return value.toExponential(digits - 1).replace(/\.?0*e/, "e").replace("e+", "e");
    }

    export function seconds(value) {
      if (value === null || value === undefined) return "";
      if (value < 120) return short(value) + " s";
      if (value < 7200) return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
      return `${Math.floor(value / 3600)} h ${Math.round(value % 3600 / 60)} min`;
    }

    export function when(modified) {
      return new Date(modified * 1000).toLocaleString([], {
        year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
      });
    }

    // The numbers of one row; a missing one is NaN.
    export function values(row) {
      return row.split(",").map(field => field === "" ? NaN : Number(field));
    }
    """#
}
