"use strict";
(() => {
  const form = document.querySelector("form[data-guard]");
  document.querySelector("[data-focus]")?.focus();
  if (!form) return;
  const state = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));
  let before;
  let leaving = false;
  requestAnimationFrame(() => { before = state(); });
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && before !== undefined && state() !== before) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      const save = form.querySelector("input[name=_save]");
      if (save) { event.preventDefault(); save.click(); }
    }
  });
})();
