"use strict";
// One condition: what, how to compare, with which value; and what may be said when it fails.
(() => {
  const wafa = window.wafa;
  const { el } = wafa;
  const facts = new Map();
  (wafa.config.vocabulary?.groups ?? []).forEach((group) => group.facts.forEach((fact) => facts.set(fact.name, fact)));

  wafa.factOf = (row) => facts.get(row.fact);
  wafa.isItems = (fact) => fact?.editor === "products";
  wafa.newRow = () => ({
    fact: "", period: "", property: "", window: null, kind: "", operator: "", values: [], message: "", inner: null, not: false,
  });

  // What is offered: facts of single items inside an item condition, all others outside.
  const factOptions = (row, inside) => [
    { value: "", label: wafa.words.chooseFact },
    ...wafa.config.vocabulary.groups
      .map((group) => ({
        label: group.label,
        options: group.facts
          .filter((fact) => fact.name === row.fact || (fact.lines === inside && !fact.older))
          .map((fact) => ({ value: fact.name, label: fact.label })),
      }))
      .filter((group) => group.options.length),
  ];

  const kindOf = (fact, row) => {
    if (fact.property === "metadata") return row.kind || "text";
    if (fact.property === "attribute") {
      const found = wafa.config.vocabulary.attributes.find((each) => each.value === row.property);
      return found?.kind === "day" && row.kind === "moment" ? "moment" : found?.kind ?? "text";
    }
    return row.kind === "day" && fact.editor === "moment" ? "day" : fact.editor;
  };

  const operatorsOf = (row, kind) => {
    const all = wafa.config.vocabulary.operators[kind];
    return all.filter((each) => !each.older || each.name === row.operator);
  };

  // A row that asks about something else starts with the first comparison and no value.
  const begin = (row, fact) => {
    row.kind = kindOf(fact, row);
    row.operator = wafa.config.vocabulary.operators[row.kind][0].name;
    row.values = [];
  };

  const chooseFact = (row, name) => {
    const fact = facts.get(name);
    Object.assign(row, { fact: name, period: "", property: "", window: null, kind: "", inner: null });
    if (!fact) { row.operator = ""; row.values = []; return; }
    if (fact.property === "attribute") row.property = "city";
    if (fact.property === "window") row.window = { span: "", number: "", unit: "M", campaign: "" };
    begin(row, fact);
  };

  const declared = (row, fact) => fact.keys.find((each) => each.key === row.property)?.kind;

  // Another property may hold values of another kind.
  const setKind = (row, fact) => {
    const kind = fact.property === "metadata" ? declared(row, fact) ?? row.kind : kindOf(fact, row);
    if (kind === row.kind) return;
    row.kind = kind;
    begin(row, fact);
  };

  const attribute = (row, fact, ctx, key) => {
    const options = wafa.config.vocabulary.attributes.filter((each) => !each.older || each.value === row.property);
    return wafa.select(wafa.words.attribute, options, row.property,
      (value) => { row.property = value; setKind(row, fact); ctx.change(true); }, { key: `${key}:property` });
  };

  const metadata = (row, fact, ctx, key) => {
    const listId = `${key}-keys`;
    const input = wafa.input(wafa.words.nameOfAttribute, row.property, (value) => { row.property = value; ctx.change(); }, {
      key: `${key}:property`, list: fact.keys.length ? listId : null, dir: "auto", placeholder: wafa.words.nameOfAttribute,
    });
    input.addEventListener("change", () => {
      const before = row.kind;
      setKind(row, fact);
      if (row.kind !== before) ctx.change(true);
    });
    const known = declared(row, fact) === row.kind;
    return [
      input,
      fact.keys.length ? el("datalist", { id: listId }, fact.keys.map((each) => el("option", { value: each.key }))) : null,
      known ? null : wafa.select(wafa.words.kind, wafa.config.kinds, row.kind,
        (value) => { row.kind = value; begin(row, fact); ctx.change(true); }, { key: `${key}:kind` }),
    ];
  };

  const timeSpan = (row, fact, ctx, key) => {
    const given = row.window;
    const set = (name) => (value) => { given[name] = value; ctx.change(name === "span"); };
    const ofGoods = fact.choices === "products";
    const values = given.campaign ? [given.campaign] : [];
    return [
      wafa.select(wafa.words.inWhichTime, wafa.config.spans, given.span, set("span"), { key: `${key}:span` }),
      given.span === "last" ? wafa.input(wafa.words.howMany, given.number, set("number"), { key: `${key}:number`, inputmode: "numeric", dir: "ltr", class: "short" }) : null,
      given.span === "last" ? wafa.select(wafa.words.unitOfTime, wafa.config.units, given.unit, set("unit"), { key: `${key}:unit` }) : null,
      ofGoods || row.fact === "wafa.customer.redemptions" ? wafa.picker({
        label: ofGoods ? wafa.words.ofGoods : wafa.words.onlyCampaign, values, kind: ofGoods ? "products" : "campaign", single: true, key: `${key}:campaign`,
        onchange: () => { given.campaign = values[0]?.id ?? values[0] ?? ""; ctx.change(); }, more: ofGoods ? {} : { placeholder: wafa.words.anyCampaign },
      }) : null,
    ];
  };

  const properties = (row, fact, ctx, key) => {
    if (fact.property === "attribute") return attribute(row, fact, ctx, key);
    if (fact.property === "metadata") return metadata(row, fact, ctx, key);
    return fact.property === "window" ? timeSpan(row, fact, ctx, key) : null;
  };

  const period = (row, fact, ctx, key) =>
    fact.periods
      ? wafa.select(wafa.words.period, wafa.config.vocabulary.periods, row.period,
        (value) => { row.period = value; ctx.change(); }, { key: `${key}:period` })
      : null;

  const comparison = (row, fact, ctx, key) => {
    const kind = kindOf(fact, row);
    const options = operatorsOf(row, kind).map((each) => ({ value: each.name, label: each.label }));
    return wafa.select(wafa.words.compare, options, row.operator, (value) => {
      const all = wafa.config.vocabulary.operators[kind];
      const [before, after] = [row.operator, value].map((name) => all.find((each) => each.name === name)?.editor);
      row.operator = value;
      if (before !== after) row.values = [];
      if (kind === "products" && value === "" && !row.inner) row.inner = wafa.newGroup();
      ctx.change(true);
    }, { key: `${key}:operator` });
  };

  const mark = (line, problems) => {
    const names = { fact: "fact", property: "property", values: "value" };
    problems.forEach((each) => {
      const suffix = names[each.field];
      const control = suffix ? line.querySelector(`[data-key$=":${suffix}"]`) : null;
      (control ?? line.querySelector("select"))?.setAttribute("aria-invalid", "true");
    });
  };

  wafa.kept = (row, acts) =>
    el("div", { class: "rule-line kept" }, wafa.icon("lock"),
      el("p", {}, row.not ? el("span", { class: "badge" }, wafa.words.not) : null, el("bdi", {}, row.says ?? "")), acts,
      el("p", { class: "help" }, wafa.words.keptHelp));

  // `acts` are the buttons that move and remove it, `inside` is true in an item condition.
  wafa.row = (row, { ctx, acts, inside }) => {
    if (row.kept) return wafa.kept(row, acts);
    const key = wafa.idOf(row);
    const fact = facts.get(row.fact);
    const problems = ctx.problemsOf(row);
    const what = wafa.select(wafa.words.what, factOptions(row, inside), row.fact,
      (value) => { chooseFact(row, value); ctx.change(true); }, { key: `${key}:fact`, "aria-describedby": fact ? `${key}-help` : null });
    const line = el("div", { class: "rule-line" },
      el("div", { class: "rule-fields" },
        row.not ? el("span", { class: "badge badge-warn" }, wafa.words.not) : null,
        what,
        fact ? [properties(row, fact, ctx, key), period(row, fact, ctx, key), comparison(row, fact, ctx, key)].flat() : null,
        fact ? editor(row, fact, ctx) : null),
      acts);
    mark(line, problems);
    return el("div", { class: problems.length ? "errors" : null, role: "group", "aria-label": fact?.label ?? wafa.words.condition },
      wafa.errors(problems), line,
      fact ? el("p", { class: "help", id: `${key}-help` }, fact.help) : null,
      message(row, ctx, key));
  };

  const editor = (row, fact, ctx) => {
    const operator = wafa.config.vocabulary.operators[kindOf(fact, row)].find((each) => each.name === row.operator);
    return operator ? wafa.valueEditor(row, fact, operator, () => ctx.change()) : null;
  };

  const message = (row, ctx, key) =>
    row.message || ctx.isOpen(row)
      ? el("label", { class: "rule-message" }, `${wafa.words.message} `,
        wafa.input(wafa.words.message, row.message, (value) => { row.message = value; ctx.change(); }, { key: `${key}:message`, dir: "auto" }))
      : null;
})();
