"use strict";
// Rows of limits: what does not matter is hidden, rows are added and removed. Without this file
// there is one empty row below the others, and a row without a value is left out.
document.addEventListener("DOMContentLoaded", () => {
  const fit = (row) => {
    const measure = row.querySelector("[name$='-measure']").value;
    const show = (part, visible) => row.querySelectorAll(`[data-${part}]`).forEach((one) => { one.hidden = !visible; });
    show("money", measure === "discount" || measure === "orders");
    show("cut", measure === "discount");
    show("each", measure !== "customers");
  };
  const segments = (row) => {
    const list = row.querySelector(".limit-segments");
    const last = list?.lastElementChild;
    if (!last || !last.querySelector("select").value) return;
    const more = last.cloneNode(true);
    more.querySelectorAll("select, input").forEach((field) => { field.value = ""; });
    list.append(more);
  };

  document.querySelectorAll("[data-limits]").forEach((box) => {
    const list = box.querySelector(".limit-rows");
    const template = box.querySelector("template");
    const add = box.querySelector("[data-add]");
    let next = list.children.length;
    const changed = () => box.dispatchEvent(new Event("change", { bubbles: true }));
    const begin = (row) => {
      const remove = row.querySelector("[data-remove]");
      remove.hidden = false;
      remove.addEventListener("click", () => { row.remove(); add.focus(); changed(); });
      fit(row);
    };
    box.addEventListener("change", (event) => {
      const row = event.target.closest(".limit");
      if (row) { fit(row); segments(row); }
    });
    add.hidden = false;
    add.addEventListener("click", () => {
      const html = template.innerHTML.replaceAll("__n__", next);
      list.insertAdjacentHTML("beforeend", html);
      next += 1;
      begin(list.lastElementChild);
      list.lastElementChild.querySelector("select").focus();
    });
    [...list.children].forEach(begin);
  });

  // A slider beside a number of a range.
  document.querySelectorAll("[data-range]").forEach((number) => {
    const [least, most] = number.dataset.range.split(" ");
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: least, max: most, value: number.value });
    slider.setAttribute("aria-label", document.querySelector(`label[for="${CSS.escape(number.id)}"]`)?.textContent ?? "");
    const box = document.createElement("div");
    box.className = "with-range";
    const inner = number.closest(".unit-box");
    inner.before(box);
    box.append(inner, slider);
    slider.addEventListener("input", () => {
      number.value = slider.value;
      number.dispatchEvent(new Event("input", { bubbles: true }));
    });
    number.addEventListener("input", () => { slider.value = number.value; });
  });

  // What the campaign would cost at most, asked of the server as one types.
  const output = document.querySelector("output[data-cost]");
  const form = output?.closest("form");
  if (!form) return;
  let timer;
  let asked = 0;
  const ask = async () => {
    const turn = asked += 1;
    try {
      const answer = await fetch(output.dataset.cost, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (!answer.ok) return;
      const said = await answer.json();
      if (turn === asked) output.textContent = said.text;
    } catch { /* The last answer stays. */ }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, 400); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  ask();
});
