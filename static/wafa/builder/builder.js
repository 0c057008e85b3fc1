"use strict";
// Puts rows over the text areas of drafts, keeps both the same, and asks the server what they say.
(() => {
  const wafa = window.wafa;
  const { el } = wafa;
  const form = document.querySelector("form:has([data-draft])");
  if (!form) return;

  const at = (draft, path) => path.split(".").filter(Boolean).reduce((node, name) => node?.[name], draft);
  const builders = [];

  class Builder {
    constructor(area) {
      this.area = area;
      this.kind = area.dataset.draft;
      this.draft = JSON.parse(area.value || "{}");
      if (this.kind === "rules" && !this.draft.kept) {
        this.draft.join ??= "and";
        this.draft.parts ??= [];
      }
      this.root = el("div", { class: "builder" });
      this.opened = new WeakMap();
      this.problems = new Map();
      this.place(JSON.parse(area.dataset.problems || "[]"));
      area.hidden = true;
      area.after(this.root);
      this.draw();
    }

    place(found) {
      this.problems = new Map();
      found.forEach((problem) => {
        const node = at(this.draft, problem.path) ?? this.draft;
        this.problems.set(node, [...(this.problems.get(node) ?? []), problem]);
      });
    }

    // What is wrong by now. What is merely missing is no news while somebody types, so it stays only
    // where it was shown; and a list that is open is not drawn anew.
    update(found) {
      const before = JSON.stringify([...this.problems.values()]);
      const known = (each) => this.problemsOf(at(this.draft, each.path) ?? this.draft).some((old) => old.field === each.field);
      this.place(found.filter((each) => !each.missing || known(each)));
      if (JSON.stringify([...this.problems.values()]) === before) return;
      if (!document.activeElement.closest?.(".picker")) this.draw();
      else this.root.addEventListener("focusout", () => setTimeout(() => this.draw()), { once: true });
    }

    problemsOf(node) { return this.problems.get(node) ?? []; }
    isOpen(node) { return this.opened.get(node) ?? false; }
    remember(node, open) { this.opened.set(node, open); }
    open(node) { this.remember(node, true); this.draw(); }
    focus(key) { this.root.querySelector(`[data-key="${key}"]`)?.focus(); }

    // A structural change draws all rows anew.
    change(structural = false) {
      this.area.value = JSON.stringify(this.draft);
      if (structural) this.draw();
      ask();
    }

    draw() { wafa.redraw(this.root, this.parts()); }

    parts() {
      if (this.kind === "lines") return wafa.lines(this.draft, this);
      if (this.kind === "bundle") return wafa.bundle(this.draft, this);
      if (this.draft.kept) return [wafa.kept(this.draft, null)];
      const empty = this.draft.parts.length ? null : el("p", { class: "help" }, wafa.words.noConditions);
      return [empty, wafa.group(this.draft, [this.draft], this, false), wafa.unused(this.draft, this)].filter(Boolean);
    }
  }

  const output = document.querySelector("[data-sentences]");
  let waiting;
  let turn = 0;

  const answer = async () => {
    const mine = ++turn;
    const body = new FormData();
    ["csrfmiddlewaretoken", "_project"].forEach((name) => body.append(name, form.elements[name]?.value ?? ""));
    builders.forEach((builder) => body.append(builder.kind, builder.area.value));
    try {
      const reply = await fetch(wafa.config.urls.sentence, { method: "POST", body });
      if (!reply.ok) throw new Error(String(reply.status));
      const said = await reply.json();
      if (mine !== turn) return;
      builders.forEach((builder) => builder.update(said.problems[builder.kind] ?? []));
      output.replaceChildren(
        ...said.sentences.map((text) => el("p", { dir: "auto" }, text)),
        said.sentences.length || said.unfinished ? "" : el("p", { class: "muted" }, wafa.words.everybody),
        said.unfinished ? el("p", { class: "muted" }, said.unfinished) : "");
    } catch {
      if (mine === turn) output.replaceChildren(el("p", { class: "muted" }, wafa.words.notReached));
    }
  };
  const ask = () => {
    if (!output) return;
    clearTimeout(waiting);
    waiting = setTimeout(answer, 400);
  };

  document.querySelectorAll("[data-draft]").forEach((area) => builders.push(new Builder(area)));
  if (output && !output.children.length) answer();
})();
