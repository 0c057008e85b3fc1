"use strict";
// Rows of key and value over a text area of JSON. Without this file the text area is the editor,
// and it stays the editor for values that are more than texts, numbers and booleans.
document.addEventListener("DOMContentLoaded", () => {
  const plain = (value) => value === null || typeof value !== "object";
  const read = (word) => {
    if (/^-?\d+(\.\d+)?$/.test(word) && String(Number(word)) === word) return Number(word);
    return word === "true" ? true : word === "false" ? false : word;
  };
  const field = (label, value) => {
    const input = document.createElement("input");
    input.type = "text";
    input.value = value;
    input.setAttribute("aria-label", label);
    input.dir = "auto";
    return input;
  };

  document.querySelectorAll("textarea[data-pairs]").forEach((area) => {
    const words = JSON.parse(area.dataset.pairs);
    let values;
    try { values = JSON.parse(area.value || "{}"); } catch { return; }
    if (!Object.values(values).every(plain)) return;
    const kinds = new Map(Object.entries(values).map(([key, value]) => [key, typeof value]));
    const box = document.createElement("div");
    box.className = "pairs";
    const rows = document.createElement("div");
    rows.className = "pairs";

    const write = () => {
      const made = {};
      rows.querySelectorAll(".pair").forEach((row) => {
        const [key, value] = row.querySelectorAll("input");
        if (!key.value.trim()) return;
        made[key.value.trim()] = kinds.get(key.value.trim()) === "string" ? value.value : read(value.value);
      });
      area.value = JSON.stringify(made, null, 2);
    };
    const add = (key = "", value = "") => {
      const row = document.createElement("div");
      row.className = "pair";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "icon-button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", words.remove);
      remove.addEventListener("click", () => { row.remove(); write(); });
      row.append(field(words.name, key), field(words.value, value), remove);
      rows.append(row);
      return row;
    };
    Object.entries(values).forEach(([key, value]) => add(key, String(value)));
    rows.addEventListener("input", write);

    const line = document.createElement("div");
    line.className = "row-of-buttons";
    const more = document.createElement("button");
    more.type = "button";
    more.className = "button second";
    more.textContent = `+ ${words.add}`;
    more.addEventListener("click", () => add().querySelector("input").focus());
    const raw = document.createElement("button");
    raw.type = "button";
    raw.className = "button second";
    raw.textContent = "JSON";
    raw.addEventListener("click", () => { box.remove(); area.hidden = false; area.focus(); });
    line.append(more, raw);
    box.append(rows, line);
    area.hidden = true;
    area.after(box);
  });
});
