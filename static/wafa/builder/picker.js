"use strict";
// Choosing by typing: chips of what was chosen, and a box that offers what is there.
(() => {
  const wafa = window.wafa;
  const { el } = wafa;

  // The name of an id or of the published object of a product.
  wafa.nameOf = (value) => {
    const names = wafa.config.names ?? {};
    if (typeof value === "string") return names[value] ?? value;
    return names[value.id] ?? names[value.source_id] ?? value.id ?? value.source_id ?? "";
  };

  const remember = (hit) => {
    const key = typeof hit.value === "string" ? hit.value : hit.value.id;
    wafa.config.names = { ...wafa.config.names, [key]: hit.label };
  };

  const ask = async (kind, term) => {
    const query = new URLSearchParams({ kind, q: term });
    const answer = await fetch(`${wafa.config.urls.choices}?${query}`);
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).results;
  };

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // `values` is changed in place. `kind` names what is offered, `offered` are fixed texts; where it
  // is `free`, whatever is typed counts. A `single` one holds one value.
  wafa.picker = ({ label, values, kind = "", offered = [], free = false, single = false, onchange, key, more = {} }) => {
    const listId = `${key}-list`.replaceAll(":", "-");
    const chips = el("span", { class: "chips" });
    const list = el("ul", { class: "picker-list", role: "listbox", id: listId, "aria-label": label, hidden: true });
    const input = el("input", {
      type: "text", role: "combobox", "aria-label": label, "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": listId, autocomplete: "off", spellcheck: "false", key, dir: "auto",
      placeholder: free ? wafa.words.typeValue : wafa.words.typeToFind, ...more,
    });
    const box = el("div", { class: "picker" }, chips, input, list);
    let hits = [];
    let active = -1;
    let turn = 0;
    let waiting;

    const close = () => {
      turn += 1;
      active = -1;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const show = () => {
      list.replaceChildren(...hits.map((hit, place) =>
        el("li", {
          role: "option", id: `${listId}-${place}`, "aria-selected": String(place === active),
          onmousedown: (event) => { event.preventDefault(); choose(hit); },
        }, el("bdi", {}, hit.label), hit.hint ? el("small", {}, hit.hint) : null)));
      if (!hits.length) list.append(el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, wafa.words.nothingFound));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      if (active >= 0) input.setAttribute("aria-activedescendant", `${listId}-${active}`);
      else input.removeAttribute("aria-activedescendant");
      list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    };
    const search = async () => {
      const mine = ++turn;
      const term = input.value.trim();
      const fixed = offered.filter((text) => text.toLowerCase().includes(term.toLowerCase())).map((text) => ({ value: text, label: text }));
      try {
        const found = kind ? await ask(kind, term) : [];
        if (mine !== turn) return;
        hits = [...fixed, ...found];
        active = -1;
        if (hits.length || !free) show();
        else close();
      } catch {
        if (mine === turn) { hits = []; show(); list.firstChild.textContent = wafa.words.notReached; }
      }
    };
    const draw = () => {
      chips.replaceChildren(...values.map((value, place) => {
        const name = wafa.nameOf(value);
        return el("span", { class: "chip-value" }, el("bdi", {}, name),
          el("button", { type: "button", "aria-label": `${wafa.words.remove}: ${name}`, onclick: () => drop(place) }, "×"));
      }));
      input.hidden = single && values.length > 0;
    };
    const drop = (place) => {
      values.splice(place, 1);
      draw();
      onchange();
      input.focus();
    };
    const add = (value) => {
      if (!values.some((each) => same(each, value))) values.push(value);
      input.value = "";
      close();
      draw();
      onchange();
      wafa.say(`${wafa.words.added}: ${wafa.nameOf(value)}`);
      if (single) chips.querySelector("button")?.focus();
    };
    const choose = (hit) => { remember(hit); add(hit.value); };
    const take = () => { if (free && input.value.trim()) add(input.value.trim()); };

    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 150); });
    input.addEventListener("blur", () => { clearTimeout(waiting); close(); take(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        event.stopPropagation();
        if (list.hidden) { search(); return; }
        if (hits.length) active = (active + (event.key === "ArrowDown" ? 1 : -1) + hits.length) % hits.length;
        show();
      } else if (event.key === "Enter") {
        if (active >= 0) choose(hits[active]);
        else if (input.value.trim() && free) take();
        else if (hits.length === 1 && !list.hidden) choose(hits[0]);
        else if (!input.value.trim()) return;
        event.preventDefault();
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        close();
      } else if (event.key === "Backspace" && !input.value && values.length) {
        drop(values.length - 1);
      }
    });
    draw();
    return box;
  };
})();
