"use strict";
(() => {
  const form = document.querySelector("form[data-guard]");
  document.querySelector("[data-focus]")?.focus();
  // select2 builds its own boxes and forgets the label; jQuery makes them when it is ready.
  const label = () => document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const found = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const parts = select.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered, .select2-search__field");
    if (found) parts.forEach((part) => part.setAttribute("aria-label", found.textContent));
  });
  window.django?.jQuery?.(label);
  addEventListener("load", label);
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
