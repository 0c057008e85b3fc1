"use strict";
(() => {
  const root = document.documentElement;

  const dark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.querySelectorAll("[data-toggle-theme]").forEach((button) =>
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      localStorage.setItem("wafa-theme", root.dataset.theme);
    }));

  const drawer = document.querySelector("[data-toggle-drawer]");
  const openDrawer = (open) => {
    document.body.classList.toggle("drawer-open", open);
    drawer.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector("#sidebar a")?.focus();
  };
  drawer?.addEventListener("click", () => openDrawer(!document.body.classList.contains("drawer-open")));
  document.querySelector("[data-close-drawer]")?.addEventListener("click", () => openDrawer(false));

  const folds = JSON.parse(localStorage.getItem("wafa-folds") || "{}");
  document.querySelectorAll("[data-fold]").forEach((section) => {
    if (folds[section.dataset.fold] && !section.querySelector("[aria-current]")) section.open = false;
    section.addEventListener("toggle", () => {
      folds[section.dataset.fold] = !section.open;
      localStorage.setItem("wafa-folds", JSON.stringify(folds));
    });
  });

  const menus = () => document.querySelectorAll("details.menu[open], details.chip[open]");
  document.addEventListener("click", (event) =>
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    if (document.body.classList.contains("drawer-open")) { openDrawer(false); drawer.focus(); }
  });

  const form = document.querySelector("[data-search]");
  if (!form) return;
  const input = form.querySelector("input");
  const hits = form.querySelector(".hits");
  let asked = 0;
  const show = (nodes) => {
    hits.replaceChildren(...nodes);
    hits.hidden = !nodes.length;
    input.setAttribute("aria-expanded", String(Boolean(nodes.length)));
  };
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const link = (hit) => {
    const node = Object.assign(make("a", hit.label), { href: hit.url, dir: "auto" });
    if (hit.hint && hit.hint !== hit.label) node.append(make("small", hit.hint));
    return node;
  };
  const ask = async () => {
    const term = input.value.trim();
    const turn = ++asked;
    if (term.length < 2) return show([]);
    try {
      const answer = await fetch(`${form.dataset.search}?q=${encodeURIComponent(term)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const { groups } = await answer.json();
      if (turn !== asked) return;
      const nodes = groups.flatMap((group) => [make("h2", group.label), ...group.hits.map(link)]);
      show(nodes.length ? nodes : [make("p", form.dataset.empty)]);
    } catch {
      if (turn === asked) show([make("p", form.dataset.failed)]);
    }
  };
  let waiting;
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  form.addEventListener("submit", (event) => { event.preventDefault(); hits.querySelector("a")?.click(); });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { show([]); input.blur(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...hits.querySelectorAll("a")];
    const next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (links[next] || input).focus();
    event.preventDefault();
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) show([]); });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
    }
  });
})();
