"use strict";
// The fields of a discount: shows those that belong to the chosen kind, rows of free products, the
// names that formulas know, and an example that the server computes.
(() => {
  const wafa = window.wafa;
  const { el, words } = wafa;
  const VALUES = { PERCENT: "percent_off", AMOUNT: "amount_off", FIXED: "fixed_amount" };
  const ALL = ["effect", "percent_off", "amount_off", "fixed_amount", "formula", "amount_limit", "aggregated_amount_limit", "units"];
  const PER_LINE = new Set(["", "APPLY_TO_ITEMS", "APPLY_TO_ITEMS_BY_QUANTITY"]);

  const start = (area) => {
    const form = area.form;
    const prefix = area.name.replace(/units$/, "");
    const field = (name) => form.elements[`${prefix}${name}`];
    const row = (name) => field(name)?.closest?.(".form-row");
    const kind = field("discount_type");
    const effect = field("effect");
    if (!kind || kind.type === "hidden") return;

    const options = [...effect.options].map((option) => option.cloneNode(true));
    // Only the ways that the kind knows; a way that it does not know is forgotten.
    const offer = () => {
      const known = new Set(["", ...(wafa.config.effects[kind.value] ?? [])]);
      const value = known.has(effect.value) ? effect.value : "";
      effect.replaceChildren(...options.filter((option) => known.has(option.value)).map((option) => option.cloneNode(true)));
      effect.value = value;
    };

    const shown = () => {
      const value = VALUES[kind.value];
      if (kind.value === "UNIT") return ["units"];
      if (!value) return [];
      const limits = kind.value === "PERCENT" ? ["amount_limit"] : [];
      const onItems = effect.value !== "APPLY_TO_ORDER" && kind.value !== "FIXED";
      return ["effect", value, "formula", ...limits, ...(onItems ? ["aggregated_amount_limit"] : [])];
    };

    const fit = () => {
      offer();
      const visible = new Set(shown());
      ALL.forEach((name) => row(name)?.classList.toggle("hidden", !visible.has(name)));
      names?.fit();
    };

    const names = namesOf(field("formula"), () => PER_LINE.has(effect.value));
    units(area, () => example.ask());
    const example = wafa.example({
      place: (box) => row("units").after(box),
      read: () => {
        const body = new FormData(form);
        body.set(kind.name, kind.value);
        body.append("prefix", prefix.replace(/-$/, ""));
        return body;
      },
    });
    form.addEventListener("input", () => example.ask());
    form.addEventListener("change", () => { fit(); example.ask(); });
    // select2 tells jQuery alone that a rule was chosen.
    window.django?.jQuery?.(form).on("change", "select", () => example.ask());
    fit();
  };

  // A list of what a formula may ask; a press puts it where the caret is.
  const namesOf = (input, isPerLine) => {
    if (!input?.dataset.names) return null;
    const known = JSON.parse(input.dataset.names);
    const insert = (text) => {
      input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
      input.focus();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const entries = known.map((each) => ({
      each,
      node: el("li", {}, el("button", { type: "button", class: "code", dir: "ltr", onclick: () => insert(each.text) }, each.text), each.label ? ` ${each.label}` : ""),
    }));
    const list = el("details", { class: "formula-names" }, el("summary", {}, input.dataset.namesHead), el("ul", {}, entries.map(({ node }) => node)));
    input.after(list);
    return { fit: () => entries.forEach(({ each, node }) => { node.hidden = each.line && !isPerLine(); }) };
  };

  const units = (area, changed) => {
    const draft = JSON.parse(area.value || "{}");
    draft.units ??= [];
    const problems = JSON.parse(area.dataset.problems || "[]");
    const root = el("div", { class: "builder", id: area.id, tabindex: "-1" });
    area.removeAttribute("id");
    const write = () => { area.value = JSON.stringify(draft); changed(); };
    const focus = (key) => root.querySelector(`[data-key="${key}"]`)?.focus();

    const unit = (each, at) => {
      const key = wafa.idOf(each);
      const values = Object.keys(each.item ?? {}).length ? [each.item] : [];
      const set = (name) => (value) => { each[name] = value; write(); };
      return el("li", { class: "rule-part" },
        wafa.errors(problems.filter((problem) => problem.path === `units.${at}` || (!problem.path && !at))),
        el("div", { class: "rule-line" }, el("div", { class: "rule-fields" },
          wafa.input(words.quantity, each.quantity, set("quantity"), { class: "short", dir: "ltr", inputmode: "numeric", key: `${key}:quantity` }),
          el("span", { "aria-hidden": "true" }, "×"),
          wafa.picker({
            label: words.product, values, kind: each.effect === "ADD_SAME_ITEMS" ? "products" : "goods", single: true, key: `${key}:item`,
            onchange: () => { each.item = values[0] ?? {}; write(); },
          }),
          wafa.select(words.how, wafa.config.unitEffects, each.effect, (value) => { each.effect = value; write(); draw(); }, { key: `${key}:effect` }),
          el("details", { class: "entry-more", open: Boolean(each.formula) }, el("summary", {}, words.unitFormula),
            wafa.input(words.unitFormula, each.formula, set("formula"), { dir: "ltr", class: "formula", spellcheck: "false" }))),
        el("span", { class: "rule-acts" }, wafa.iconButton(words.remove, "trash-2", () => {
          draft.units.splice(draft.units.indexOf(each), 1);
          write();
          draw();
          focus("add");
          wafa.say(words.removed);
        }))));
    };
    const draw = () => wafa.redraw(root, [
      el("ul", { class: "rule-parts" }, draft.units.map(unit)),
      wafa.button(words.addProduct, "plus", () => {
        draft.units.push({ item: {}, quantity: "1", effect: "ADD_MISSING_ITEMS", formula: "" });
        write();
        draw();
        focus(`${wafa.idOf(draft.units.at(-1))}:quantity`);
      }, { key: "add" })]);
    area.hidden = true;
    area.after(root);
    draw();
  };

  document.querySelectorAll('textarea[data-draft="units"]').forEach(start);
})();
