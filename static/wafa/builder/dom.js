"use strict";
// What the files of the rule builder share: the words of the page, and how elements are made.
(() => {
  const wafa = (window.wafa ??= {});
  const holder = document.getElementById("builder-config");
  const beside = document.querySelector("[data-builder-config]");
  wafa.config = JSON.parse(holder?.textContent ?? beside?.dataset.builderConfig ?? "{}");
  wafa.words = wafa.config.words ?? {};

  const ids = new WeakMap();
  let count = 0;
  // The same short id for the same object, for keys of focus and for labels.
  wafa.idOf = (object) => {
    if (!ids.has(object)) ids.set(object, `b${++count}`);
    return ids.get(object);
  };

  wafa.el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => {
      if (value === undefined || value === null || value === false) return;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "class") node.className = value;
      else if (name === "key") node.dataset.key = value;
      else if (["value", "checked", "disabled", "hidden", "type"].includes(name)) node[name] = value;
      else node.setAttribute(name, value === true ? "" : value);
    });
    node.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return node;
  };

  const sprite = (document.body.dataset.copyIcon ?? "").split("#")[0];
  wafa.icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    Object.entries({ class: "icon", width: 16, height: 16, "aria-hidden": "true" }).forEach(
      ([attribute, value]) => svg.setAttribute(attribute, value),
    );
    use.setAttribute("href", `${sprite}#${name}`);
    svg.append(use);
    return svg;
  };

  wafa.button = (label, icon, onclick, more = {}) =>
    wafa.el("button", { type: "button", class: "button second small", onclick, ...more }, icon ? wafa.icon(icon) : null, label);

  wafa.iconButton = (label, icon, onclick, more = {}) =>
    wafa.el("button", { type: "button", class: "icon-button", title: label, "aria-label": label, onclick, ...more }, wafa.icon(icon));

  // `options` are {value, label} or groups {label, options}.
  wafa.select = (label, options, value, onchange, more = {}) => {
    const option = (each) =>
      each.options
        ? wafa.el("optgroup", { label: each.label }, each.options.map(option))
        : wafa.el("option", { value: each.value }, each.label);
    const node = wafa.el("select", { "aria-label": label, ...more }, options.map(option));
    node.value = value ?? "";
    node.addEventListener("change", () => onchange(node.value));
    return node;
  };

  wafa.input = (label, value, oninput, more = {}) =>
    wafa.el("input", {
      type: "text", value: value ?? "", "aria-label": label, autocomplete: "off",
      oninput: (event) => oninput(event.target.value), ...more,
    });

  wafa.checkbox = (label, checked, onchange, more = {}) =>
    wafa.el("label", { class: "check" },
      wafa.el("input", { type: "checkbox", checked, onchange: (event) => onchange(event.target.checked), ...more }),
      ` ${label}`);

  // A number with its unit inside the box, as other forms have it.
  wafa.unitInput = (label, value, unit, oninput, more = {}) =>
    wafa.el("span", { class: "unit-box" },
      wafa.input(unit ? `${label} (${unit})` : label, value, oninput, { inputmode: "decimal", dir: "ltr", ...more }),
      unit ? wafa.el("span", { class: "unit", "aria-hidden": "true" }, unit) : null);

  wafa.errors = (problems) =>
    problems.length ? wafa.el("ul", { class: "errorlist" }, problems.map((each) => wafa.el("li", {}, each.message))) : null;

  const sync = (old, fresh) => {
    [...old.attributes].forEach(({ name }) => { if (!fresh.hasAttribute(name)) old.removeAttribute(name); });
    [...fresh.attributes].forEach(({ name, value }) => { if (old.getAttribute(name) !== value) old.setAttribute(name, value); });
  };

  // The children of `fresh` take the place of those of `old`, around what is kept.
  const graft = (old, fresh, kept, twin) => {
    const mine = [...old.childNodes].find((node) => node.contains(kept));
    const theirs = [...fresh.childNodes].find((node) => node.contains(twin));
    const nodes = [...fresh.childNodes];
    const at = nodes.indexOf(theirs);
    [...old.childNodes].forEach((node) => { if (node !== mine) node.remove(); });
    mine.before(...nodes.slice(0, at));
    mine.after(...nodes.slice(at + 1));
    sync(mine, theirs);
    if (mine !== kept) graft(mine, theirs, kept, twin);
  };

  // Draws anew and leaves the list or box in which somebody is typing as it is: a new one would
  // forget the letters typed so far. Other things that have the focus get it again.
  wafa.redraw = (root, nodes) => {
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    const key = focused?.dataset.key;
    const fresh = wafa.el("div", {}, nodes);
    const twin = key ? fresh.querySelector(`[data-key="${key}"]`) : null;
    if (twin && twin.tagName === focused.tagName && twin.type === focused.type && focused.matches("select, input:not([role])")) {
      graft(root, fresh, focused, twin);
      return;
    }
    root.replaceChildren(...fresh.childNodes);
    twin?.focus();
  };

  let speaker;
  // To people who do not see what changed.
  wafa.say = (text) => {
    if (!speaker) {
      speaker = wafa.el("div", { class: "visually-hidden", "aria-live": "polite" });
      document.body.append(speaker);
    }
    speaker.textContent = text;
  };
})();
