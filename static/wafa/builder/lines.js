"use strict";
// Which items get the discount, and what must be bought together.
(() => {
  const wafa = window.wafa;
  const { el } = wafa;

  const choose = (entry, ctx, kind, key) => {
    const values = Object.keys(entry.item ?? {}).length ? [entry.item] : [];
    return wafa.picker({
      label: wafa.words.product, values, kind, single: true, key,
      onchange: () => { entry.item = values[0] ?? {}; ctx.change(); },
    });
  };

  const removal = (list, entry, ctx, after) =>
    wafa.iconButton(wafa.words.remove, "trash-2", () => {
      list.splice(list.indexOf(entry), 1);
      ctx.change(true);
      ctx.focus(after);
      wafa.say(wafa.words.removed);
    });

  const NUMBERS = ["quantity_limit", "aggregated_quantity_limit", "amount_limit", "aggregated_amount_limit", "price", "skip_initially", "take", "repeat"];
  const MONEY = new Set(["amount_limit", "aggregated_amount_limit", "price"]);

  const limits = (entry, ctx, key, problems) => {
    const set = (name) => (value) => { entry[name] = value; ctx.change(); };
    const isSet = NUMBERS.some((name) => entry[name]) || entry.strict || entry.price_formula || entry.target === "UNIT" || problems.length;
    const number = (name) => el("label", { class: "field" }, el("span", {}, wafa.words.limits[name]),
      wafa.unitInput(wafa.words.limits[name], entry[name], MONEY.has(name) ? wafa.config.currency : "", set(name), { key: `${key}:${name}` }));
    const node = el("details", { class: "entry-more" },
      el("summary", {}, wafa.words.limitsHead),
      el("div", { class: "fields" },
        NUMBERS.map(number),
        el("label", { class: "field" }, el("span", {}, wafa.words.countedIn),
          wafa.select(wafa.words.countedIn, wafa.config.targets, entry.target, set("target"), { key: `${key}:target` })),
        el("label", { class: "field wide" }, el("span", {}, wafa.words.priceFormula),
          wafa.input(wafa.words.priceFormula, entry.price_formula, set("price_formula"), { key: `${key}:price_formula`, dir: "ltr", class: "formula", spellcheck: "false" })),
        wafa.checkbox(wafa.words.strict, entry.strict, (on) => { entry.strict = on; ctx.change(); }, { key: `${key}:strict` })));
    node.open = Boolean(isSet) || ctx.isOpen(entry);
    node.addEventListener("toggle", () => ctx.remember(entry, node.open));
    return node;
  };

  const entry = (each, list, ctx, after, withLimits) => {
    const key = wafa.idOf(each);
    const problems = ctx.problemsOf(each);
    if (each.kept) {
      return el("li", { class: "rule-part" }, el("div", { class: "rule-line kept" }, wafa.icon("lock"),
        el("p", {}, el("bdi", {}, wafa.nameOf(each.item))), removal(list, each, ctx, after)));
    }
    const which = withLimits
      ? wafa.select(wafa.words.which, wafa.config.picks, each.effect, (value) => { each.effect = value; ctx.change(); }, { key: `${key}:effect` })
      : null;
    return el("li", { class: "rule-part" }, wafa.errors(problems),
      el("div", { class: "rule-line" }, el("div", { class: "rule-fields" }, choose(each, ctx, "products", `${key}:item`), which),
        el("span", { class: "rule-acts" }, removal(list, each, ctx, after))),
      withLimits ? limits(each, ctx, key, problems) : null);
  };

  const newEntry = () => ({ item: {}, effect: "APPLY_TO_EVERY", target: "ITEM", strict: false, price_formula: "", ...Object.fromEntries(NUMBERS.map((name) => [name, ""])) });

  const entries = (draft, name, ctx) => {
    const list = draft[name];
    const addKey = `${wafa.idOf(draft)}:add-${name}`;
    return el("section", { class: "entries" }, el("h3", {}, wafa.words[name]),
      list.length ? null : el("p", { class: "help" }, wafa.words[`${name}Empty`]),
      el("ul", { class: "rule-parts" }, list.map((each) => entry(each, list, ctx, addKey, name === "included"))),
      wafa.button(wafa.words.addProduct, "plus", () => {
        list.push(newEntry());
        ctx.change(true);
        ctx.focus(`${wafa.idOf(list.at(-1))}:item`);
      }, { key: addKey }));
  };

  wafa.lines = (draft, ctx) => {
    draft.included ??= [];
    draft.excluded ??= [];
    const all = draft.included.length
      ? wafa.checkbox(wafa.words.includedAll, draft.all, (on) => { draft.all = on; ctx.change(); }, { key: `${wafa.idOf(draft)}:all` })
      : null;
    return [entries(draft, "included", ctx), all, entries(draft, "excluded", ctx)].filter(Boolean);
  };

  const component = (each, draft, ctx, after) => {
    const key = wafa.idOf(each);
    return el("li", { class: "rule-part" }, wafa.errors(ctx.problemsOf(each)),
      el("div", { class: "rule-line" }, el("div", { class: "rule-fields" },
        wafa.input(wafa.words.quantity, each.quantity, (value) => { each.quantity = value; ctx.change(); }, { key: `${key}:quantity`, class: "short", inputmode: "numeric", dir: "ltr" }),
        el("span", { "aria-hidden": "true" }, "×"),
        choose(each, ctx, "products", `${key}:item`)),
      el("span", { class: "rule-acts" }, removal(draft.components, each, ctx, after))));
  };

  wafa.bundle = (draft, ctx) => {
    if (draft.kept) return [wafa.kept(draft, null)];
    draft.components ??= [];
    const key = wafa.idOf(draft);
    const addKey = `${key}:add`;
    return [
      wafa.errors(ctx.problemsOf(draft)),
      el("ul", { class: "rule-parts" }, draft.components.map((each) => component(each, draft, ctx, addKey))),
      wafa.button(wafa.words.addProduct, "plus", () => {
        draft.components.push({ item: {}, quantity: "1" });
        ctx.change(true);
        ctx.focus(`${wafa.idOf(draft.components.at(-1))}:quantity`);
      }, { key: addKey }),
      draft.components.length ? el("div", { class: "fields" },
        el("label", { class: "field" }, el("span", {}, wafa.words.bundleLimit),
          wafa.input(wafa.words.bundleLimit, draft.limit ?? "1", (value) => { draft.limit = value; ctx.change(); }, { key: `${key}:limit`, class: "short", inputmode: "numeric", dir: "ltr" })),
        wafa.checkbox(wafa.words.scales, draft.scales !== false, (on) => { draft.scales = on; ctx.change(); }, { key: `${key}:scales` })) : null,
    ].filter(Boolean);
  };
})();
