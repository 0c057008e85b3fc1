"use strict";
// Rows of attribute, comparison and value. Without this file there are two blank rows on each page,
// every comparison is offered, and the page shows what was found after saving.
(() => {
  const field = (name) => document.querySelector(`[name="${name}"]`);
  const kind = () => (document.querySelector("[name=type]:checked") ?? field("type"))?.value;
  const types = () => {
    if (!field("type") || !field("filter-junction")) return;
    const isStatic = kind() === "STATIC";
    const show = (name, visible) => document.querySelector(`.form-row.field-${name}`)?.classList.toggle("hidden", !visible);
    show("products", isStatic);
    show("skus", isStatic);
    show("filter", !isStatic);
  };
  document.addEventListener("change", types);
  types();

  document.querySelectorAll("[data-conditions]").forEach((box) => {
    const { offered, keyed, silent, days } = JSON.parse(box.dataset.conditions);
    const form = box.closest("form");
    const list = box.querySelector("[data-rows]");
    const template = box.querySelector("template");
    const add = box.querySelector("[data-add]");
    const output = box.querySelector("[data-matches]");
    const parts = (row) => ["attribute", "key", "operator", "value"].map((part) => row.querySelector(`[name$="-${part}"]`));

    const fit = (row) => {
      const [attribute, key, operator, value] = parts(row);
      const allowed = offered[attribute.value];
      for (const option of operator.options) {
        option.hidden = option.disabled = Boolean(allowed && option.value && !allowed.includes(option.value));
      }
      if (operator.selectedOptions[0]?.disabled) operator.value = allowed[0];
      if (allowed && !operator.value) operator.value = allowed[0];
      key.hidden = !keyed.includes(attribute.value);
      value.hidden = silent.includes(operator.value);
      value.type = days.includes(operator.value) && /^(\d{4}-\d\d-\d\d)?$/.test(value.value) ? "date" : "text";
    };
    const dress = (row) => {
      const remove = row.querySelector("[data-remove]");
      remove.hidden = false;
      remove.addEventListener("click", () => { row.remove(); ask(); });
      fit(row);
    };
    const more = () => {
      list.append(template.content.cloneNode(true));
      const row = list.lastElementChild;
      dress(row);
      return row;
    };

    let timer;
    let latest = 0;
    const ask = () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (!box.dataset.preview || box.closest(".hidden")) return;
        const turn = ++latest;
        const answer = await fetch(box.dataset.preview, { method: "POST", body: new FormData(form) }).catch(() => null);
        if (turn === latest && answer?.ok) output.innerHTML = await answer.text();
      }, 400);
    };

    list.querySelectorAll(".condition").forEach((row) => {
      const [attribute, key, , value] = parts(row);
      if (!attribute.value && !key.value && !value.value) row.remove();
    });
    if (!list.querySelector(".condition")) more();
    list.querySelectorAll(".condition").forEach(dress);
    add.hidden = false;
    add.addEventListener("click", () => more().querySelector("select").focus());
    box.addEventListener("input", (event) => {
      const row = event.target.closest(".condition");
      if (row) fit(row);
      ask();
    });
  });
})();
