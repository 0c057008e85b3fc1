"use strict";
(() => {
  const form = document.querySelector("form[data-stacking]");
  const chosen = document.querySelector("form[data-pair]");
  if (!form || !chosen) return;

  let timer;
  let asked = 0;
  const look = async () => {
    const number = ++asked;
    const body = new FormData(form);
    new FormData(chosen).forEach((value, name) => body.set(name, value));
    try {
      const answer = await fetch(form.dataset.stacking, { method: "POST", body });
      if (!answer.ok || number !== asked) return;
      const shown = await answer.json();
      document.querySelectorAll("[data-shows]").forEach((box) => {
        const html = shown[box.dataset.shows];
        if (html) box.innerHTML = html;
        else if (box.dataset.shows === "pair") {
          const problem = document.createElement("p");
          problem.textContent = shown.problem;
          box.replaceChildren(problem);
        }
      });
    } catch { /* The next change asks again. */ }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(look, 250); };
  form.addEventListener("input", soon);
  chosen.addEventListener("input", soon);
  chosen.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  chosen.querySelector("button").hidden = true;
  if (form.querySelector(".error-summary")) look();

  const table = form.querySelector("table.lines");
  if (!table) return;
  const lines = () => [...table.tBodies[0].rows];
  const box = (line) => line.querySelector("input");
  const place = (line) => Number(box(line).value);
  const sort = () => table.tBodies[0].append(...lines().sort((one, other) => place(one) - place(other)));
  sort();
  // Lines that share a place share it for a reason: only the moved one changes its rank.
  const move = (line, up) => {
    const other = up ? line.previousElementSibling : line.nextElementSibling;
    if (!other) return;
    const [mine, theirs] = [place(line), place(other)];
    if (mine === theirs) {
      const later = up ? lines().filter((each) => each !== line) : [line];
      later.filter((each) => place(each) >= mine).forEach((each) => { box(each).value = place(each) + 1; });
    } else {
      box(line).value = theirs;
      box(other).value = mine;
    }
    const focused = document.activeElement;
    sort();
    focused.focus();
    const said = table.dataset.moved.replace("{name}", line.dataset.name).replace("{place}", box(line).value);
    form.querySelector("[data-said]").textContent = said;
    soon();
  };
  table.querySelectorAll(".moves").forEach((moves) => { moves.hidden = false; });
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button.closest("tr"), button.dataset.move === "up");
  });
  table.addEventListener("keydown", (event) => {
    const up = event.key === "ArrowUp";
    if (!event.altKey || !(up || event.key === "ArrowDown")) return;
    event.preventDefault();
    move(event.target.closest("tr"), up);
  });
  table.addEventListener("change", (event) => { if (event.target === box(event.target.closest("tr"))) sort(); });
})();
