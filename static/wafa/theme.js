"use strict";
// Loaded before the first paint, so that the page does not flash in the other theme.
(() => {
  const root = document.documentElement;
  const stored = localStorage.getItem("wafa-theme");
  if (stored === "dark" || stored === "light") root.dataset.theme = stored;
})();
