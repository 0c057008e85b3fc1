"use strict";
// Products of a recipe: a box that finds them while one types, over a field of JSON.
(() => {
  const wafa = window.wafa;
  document.querySelectorAll("input[data-item]").forEach((input) => {
    const values = input.value ? [JSON.parse(input.value)] : [];
    const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
    const box = wafa.picker({
      label: label?.textContent ?? "", values, kind: input.dataset.item, single: true, key: `${input.id}:item`,
      onchange: () => { input.value = values.length ? JSON.stringify(values[0]) : ""; },
      more: { "aria-describedby": `${input.id}_helptext` },
    });
    const typed = box.querySelector("[role=combobox]");
    typed.id = `${input.id}_typed`;
    if (label) label.htmlFor = typed.id;
    input.type = "hidden";
    input.after(box);
  });
})();
