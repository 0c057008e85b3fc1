"use strict";
// How the value of a condition is typed: one editor for each kind. Numbers, amounts and dates stay
// as people type them; the server reads them.
(() => {
  const wafa = window.wafa;
  const { el } = wafa;

  const dateInput = (label, value, withTime, oninput, more) => {
    const { jalali } = wafa.config;
    return wafa.input(label, value, oninput, {
      type: jalali ? "text" : withTime ? "datetime-local" : "date",
      step: withTime && !jalali ? 1 : null, dir: "ltr", class: "when",
      placeholder: jalali ? (withTime ? "1405-09-01 14:00" : "1405-09-01") : null, ...more,
    });
  };

  const weekdays = (label, chosen, onchange, key) =>
    el("div", { class: "weekdays", role: "group", "aria-label": label }, wafa.config.weekdays.map((day) =>
      wafa.checkbox(day.label, chosen.includes(day.value), (on) => {
        const at = chosen.indexOf(day.value);
        if (on && at < 0) chosen.push(day.value);
        if (!on && at >= 0) chosen.splice(at, 1);
        onchange();
      }, { key: `${key}:${day.value}` })));

  const units = () => ({ money: wafa.config.currency, percent: "%", count: "" });

  // One value of a row, typed into a single box.
  const one = (row, change) => ({ get: () => row.values[0] ?? "", set: (value) => { row.values = value === "" ? [] : [value]; change(); } });

  const record = (row, empty) => {
    if (typeof row.values[0] !== "object" || row.values[0] === null) row.values = [empty];
    return row.values[0];
  };

  const hours = (row, label, change, key) => {
    const value = record(row, { from: "", until: "", days: [] });
    const time = (name) => wafa.input(`${label}: ${wafa.words[name]}`, value[name], (text) => { value[name] = text; change(); },
      { type: "time", dir: "ltr", class: "time", key: `${key}:${name}` });
    return el("div", { class: "value-parts" },
      el("span", {}, `${wafa.words.from} `), time("from"), el("span", {}, `${wafa.words.until} `), time("until"),
      weekdays(wafa.words.onDays, value.days, change, `${key}:day`));
  };

  const span = (row, label, change, key) => {
    const value = record(row, { from: "", until: "" });
    const moment = (name) => dateInput(`${label}: ${wafa.words[name]}`, value[name], true,
      (text) => { value[name] = text; change(); }, { key: `${key}:${name}` });
    return el("div", { class: "value-parts" },
      el("span", {}, `${wafa.words.from} `), moment("from"), el("span", {}, `${wafa.words.until} `), moment("until"));
  };

  const switched = (row, label, change, key) => {
    const { get, set } = one(row, change);
    const options = [{ value: "", label: "–" }, { value: "true", label: wafa.words.yes }, { value: "false", label: wafa.words.no }];
    return wafa.select(label, options, get(), set, { key });
  };

  // `operator` says how values of the row are typed; `fact` what is offered for them.
  wafa.valueEditor = (row, fact, operator, change) => {
    const key = `${wafa.idOf(row)}:value`;
    const label = wafa.words.value;
    const { get, set } = one(row, change);
    const unit = units()[operator.editor];
    switch (operator.editor) {
      case "nothing":
        return null;
      case "switch":
        return switched(row, label, change, key);
      case "weekdays":
        return weekdays(label, row.values, change, key);
      case "hours":
        return hours(row, label, change, key);
      case "span":
        return span(row, label, change, key);
      case "day":
        return dateInput(label, get(), false, set, { key });
      case "moment":
        return dateInput(label, get(), true, set, { key });
      case "count":
        return wafa.unitInput(label, get(), operator.name.startsWith("$count") ? "" : wafa.words.days, set, { key, inputmode: "numeric" });
      case "choice":
        return wafa.picker({ label, values: row.values, kind: fact.choices, free: fact.choices === "api_key", onchange: change, key });
      case "products":
        return wafa.picker({ label, values: row.values, kind: "products", onchange: change, key });
      default:
    }
    const offered = fact.keys.find((each) => each.key === row.property)?.values ?? [];
    if (operator.many && operator.editor === "text") {
      return wafa.picker({ label, values: row.values, offered, free: true, onchange: change, key });
    }
    if (operator.editor === "text") return wafa.input(label, get(), set, { key, dir: "auto" });
    if (row.values.length > 1) {
      return wafa.picker({ label, values: row.values, free: true, onchange: change, key, more: { inputmode: "decimal" } });
    }
    return wafa.unitInput(label, get(), unit ?? "", set, { key });
  };

  wafa.dateInput = dateInput;
})();
