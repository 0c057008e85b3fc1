"use strict";
// Conditions in groups: how they are joined, and how rows and groups are added, moved and removed.
(() => {
  const wafa = window.wafa;
  const { el } = wafa;
  const DEEPEST = 3;

  wafa.newGroup = (join = "and") => ({ join, not: false, parts: [wafa.newRow()] });
  const isGroup = (part) => Array.isArray(part.parts);

  const joinOf = (group) => `${group.not ? "not-" : ""}${group.join}`;
  const setJoin = (group, value) => {
    group.not = value.startsWith("not-");
    group.join = value.replace("not-", "");
  };

  // `trail` are the groups from the outermost to the one that holds the part.
  const remove = (trail, part) => {
    const group = trail.at(-1);
    group.parts.splice(group.parts.indexOf(part), 1);
    if (!group.parts.length && trail.length > 1) remove(trail.slice(0, -1), group);
  };

  const move = (trail, part, by) => {
    const group = trail.at(-1);
    const at = group.parts.indexOf(part);
    const neighbour = group.parts[at + by];
    if (!neighbour && trail.length < 2) return false;
    if (!neighbour) {
      const around = trail.at(-2);
      const place = around.parts.indexOf(group) + (by > 0 ? 1 : 0);
      around.parts.splice(place, 0, part);
      remove(trail, part);
      return true;
    }
    group.parts.splice(at, 1);
    if (isGroup(neighbour) && !isGroup(part)) neighbour.parts.splice(by > 0 ? 0 : neighbour.parts.length, 0, part);
    else group.parts.splice(at + by, 0, part);
    return true;
  };

  const wrap = (trail, part) => {
    const group = trail.at(-1);
    const join = group.join === "and" ? "or" : "and";
    group.parts.splice(group.parts.indexOf(part), 1, { join, not: false, parts: [part] });
  };

  const firstKey = (part) => (isGroup(part) ? `${wafa.idOf(part)}:join` : `${wafa.idOf(part)}:fact`);

  // Where the eye goes when a part is gone: to the next one, else the one before, else to "add".
  const afterRemoval = (trail, part) => {
    const { parts } = trail.at(-1);
    const at = parts.indexOf(part);
    const next = parts[at + 1] ?? parts[at - 1];
    return next ? firstKey(next) : `${wafa.idOf(trail[0])}:add`;
  };

  const menu = (part, trail, ctx) => {
    const entry = (label, icon, act) => wafa.button(label, icon, (event) => {
      event.target.closest("details").open = false;
      act();
    });
    const fact = isGroup(part) ? null : wafa.factOf(part);
    const entries = [
      isGroup(part) ? null : entry(part.not ? wafa.words.asItIs : wafa.words.opposite, "ban", () => { part.not = !part.not; ctx.change(true); }),
      isGroup(part) || part.kept ? null : entry(wafa.words.ownMessage, "mail", () => { ctx.open(part); ctx.focus(`${wafa.idOf(part)}:message`); }),
      fact && wafa.isItems(fact) && !part.inner
        ? entry(wafa.words.aboutItems, "plus", () => { part.inner = wafa.newGroup(); ctx.change(true); ctx.focus(firstKey(part.inner.parts[0])); })
        : null,
      trail.length < DEEPEST ? entry(wafa.words.intoGroup, "layers", () => { wrap(trail, part); ctx.change(true); ctx.focus(firstKey(part)); }) : null,
    ].filter(Boolean);
    if (!entries.length) return null;
    return el("details", { class: "menu" },
      el("summary", { class: "icon-button", "aria-label": wafa.words.more, title: wafa.words.more, key: `${wafa.idOf(part)}:menu` }, wafa.icon("ellipsis")),
      el("div", { class: "sheet" }, entries));
  };

  const acts = (part, trail, ctx) => {
    const key = wafa.idOf(part);
    const moved = (by) => () => {
      if (!move(trail, part, by)) return;
      ctx.change(true);
      ctx.focus(`${key}:${by < 0 ? "up" : "down"}`);
      wafa.say(by < 0 ? wafa.words.movedUp : wafa.words.movedDown);
    };
    return el("span", { class: "rule-acts" },
      wafa.iconButton(wafa.words.moveUp, "arrow-up", moved(-1), { key: `${key}:up` }),
      wafa.iconButton(wafa.words.moveDown, "arrow-down", moved(1), { key: `${key}:down` }),
      menu(part, trail, ctx),
      wafa.iconButton(wafa.words.remove, "trash-2", () => {
        const next = afterRemoval(trail, part);
        remove(trail, part);
        ctx.change(true);
        ctx.focus(next);
        wafa.say(wafa.words.removed);
      }, { key: `${key}:remove` }));
  };

  const inner = (row, ctx) => {
    if (!row.inner) return null;
    if (row.inner.kept) return wafa.kept(row.inner, null);
    if (!row.inner.parts.length) { row.inner = null; return null; }
    return el("div", { class: "rule-inner" },
      el("p", { class: "rule-about" }, wafa.isItems(wafa.factOf(row)) ? wafa.words.suchItems : wafa.words.andAlso),
      wafa.group(row.inner, [row.inner], ctx, wafa.isItems(wafa.factOf(row))));
  };

  const part = (each, trail, ctx, inside) => {
    const buttons = acts(each, trail, ctx);
    if (isGroup(each)) return el("li", { class: "rule-part" }, wafa.group(each, [...trail, each], ctx, inside, buttons));
    const node = el("li", { class: "rule-part" },
      wafa.row(each, { ctx, acts: buttons, inside }), each.kept ? null : inner(each, ctx));
    node.addEventListener("keydown", (event) => {
      const by = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      node.querySelector(`[data-key="${wafa.idOf(each)}:${by}"]`).click();
    });
    return node;
  };

  // `buttons` move and remove the group itself; the outermost one has none.
  wafa.group = (group, trail, ctx, inside, buttons = null) => {
    const key = wafa.idOf(group);
    const join = wafa.select(wafa.words.join, wafa.config.joins, joinOf(group),
      (value) => { setJoin(group, value); ctx.change(); }, { key: `${key}:join`, class: "rule-join" });
    const add = (made) => () => {
      group.parts.push(made());
      ctx.change(true);
      const last = group.parts.at(-1);
      ctx.focus(firstKey(isGroup(last) ? last.parts[0] : last));
    };
    const problems = ctx.problemsOf(group);
    return el("div", { class: buttons ? "rule-group" : "rule-root", role: "group", "aria-label": wafa.words.group },
      wafa.errors(problems),
      buttons || group.parts.length > 1 ? el("div", { class: "rule-head" }, join, buttons) : null,
      el("ol", { class: "rule-parts" }, group.parts.map((each) => part(each, trail, ctx, inside))),
      el("div", { class: "row-of-buttons" },
        wafa.button(wafa.words.addCondition, "plus", add(wafa.newRow), { key: `${key}:add` }),
        trail.length < DEEPEST
          ? wafa.button(wafa.words.addGroup, "layers", add(() => wafa.newGroup(group.join === "and" ? "or" : "and")), { key: `${key}:add-group` })
          : null));
  };

  // The rules that the logic of a stored rule does not name.
  wafa.unused = (draft, ctx) => {
    if (!draft.unused?.length) return null;
    return el("section", { class: "rule-unused" },
      el("h3", {}, wafa.words.unused), el("p", { class: "help" }, wafa.words.unusedHelp),
      draft.unused.map((row) => wafa.kept(row, el("span", { class: "rule-acts" }, wafa.iconButton(wafa.words.remove, "trash-2", () => {
        draft.unused.splice(draft.unused.indexOf(row), 1);
        ctx.change(true);
      })))));
  };
})();
