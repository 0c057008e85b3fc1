"use strict";
// The example beside a discount: a cart that can be changed, and what the server makes of it.
(() => {
  const wafa = window.wafa;
  const { el } = wafa;

  const cell = (text, tag = "td", more = {}) => el(tag, more, text ?? "");
  const amount = (text) => cell(el("bdi", { dir: "ltr", class: "num" }, text || "–"), "td", { class: "num" });

  // `read` gives the form's data; `after` takes the place where the example stands.
  wafa.example = ({ read, place }) => {
    const words = wafa.words;
    let cart = null;
    let problems = [];
    let waiting;
    let turn = 0;
    const rows = el("div", { class: "example-cart" });
    const result = el("div", { class: "example-result", "aria-live": "polite" });
    const box = el("section", { class: "example", "aria-label": words.example },
      el("h3", {}, words.example), el("p", { class: "help" }, words.exampleHelp), rows, result);
    place(box);

    const ask = () => { clearTimeout(waiting); waiting = setTimeout(send, 350); };

    const line = (each, at) => {
      const key = wafa.idOf(each);
      const values = each.item && Object.keys(each.item).length !== 0 ? [each.item] : [];
      const wrong = problems.filter((problem) => problem.path === `lines.${at}`);
      return el("div", { class: "example-line" },
        wafa.picker({
          label: words.item, values, kind: "goods", free: true, single: true, key: `${key}:item`, more: { placeholder: words.ourItem },
          onchange: () => { each.item = values[0] ?? ""; ask(); },
        }),
        wafa.input(words.units, each.quantity, (value) => { each.quantity = value; ask(); }, { class: "short", dir: "ltr", inputmode: "numeric", key: `${key}:quantity` }),
        el("span", { "aria-hidden": "true" }, "×"),
        wafa.unitInput(words.price, each.price, wafa.config.currency, (value) => { each.price = value; ask(); }, { key: `${key}:price` }),
        wafa.iconButton(words.remove, "x", () => { cart.splice(cart.indexOf(each), 1); draw(); rows.querySelector("button:last-of-type")?.focus(); ask(); }),
        wafa.errors(wrong));
    };

    const draw = () => wafa.redraw(rows, [
      ...(cart ?? []).map(line),
      wafa.button(words.addItem, "plus", () => {
        cart.push({ item: "", quantity: "1", price: "" });
        draw();
        rows.querySelector(`[data-key="${wafa.idOf(cart.at(-1))}:item"]`).focus();
      }),
    ]);

    const table = (said) =>
      el("div", { class: "scroll" }, el("table", { class: "data" },
        el("thead", {}, el("tr", {}, [words.item, words.units, words.before, words.discount, words.after].map((text, at) => cell(text, "th", { scope: "col", class: at > 1 ? "num" : null })))),
        el("tbody", {},
          said.lines.map((each) => el("tr", {}, cell(el("bdi", {}, each.name)), amount(String(each.quantity)), amount(each.before), amount(each.discount), amount(each.after))),
          said.on_order ? el("tr", {}, cell(words.onOrder), cell(""), cell(""), amount(said.on_order), cell("")) : null),
        el("tfoot", {}, el("tr", {}, cell(words.total, "th", { scope: "row" }), cell(""), amount(said.total.before), amount(said.total.discount), amount(said.total.after)))));

    const show = (said) => {
      box.hidden = Boolean(said.unfinished) && !cart;
      if (said.unfinished) { result.replaceChildren(); return; }
      const before = JSON.stringify(problems);
      problems = said.problems ?? [];
      if (!cart) {
        cart = said.cart;
        cart.forEach((each, at) => {
          if (each.item?.id) wafa.config.names = { ...wafa.config.names, [each.item.id]: said.names[at] };
        });
        draw();
      } else if (before !== JSON.stringify(problems)) {
        draw();
      }
      if (problems.length) result.replaceChildren();
      else {
        result.replaceChildren(said.total ? table(said) : el("p", {}, said.why));
        if (said.note) result.append(el("p", { class: "note" }, said.note));
      }
    };

    const send = async () => {
      const mine = ++turn;
      const body = read();
      body.append("cart", cart ? JSON.stringify(cart) : "");
      try {
        const reply = await fetch(wafa.config.urls.example, { method: "POST", body });
        if (!reply.ok) throw new Error(String(reply.status));
        const said = await reply.json();
        if (mine === turn) show(said);
      } catch {
        if (mine === turn) result.replaceChildren(el("p", { class: "muted" }, words.notReached));
      }
    };

    box.hidden = true;
    ask();
    return { ask };
  };
})();
