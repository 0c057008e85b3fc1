"use strict";
(() => {
  const field = (name) => document.querySelector(`[name=${name}]`);
  const chosen = (name) => document.querySelector(`[name=${name}]:checked`)?.value ?? field(name)?.value;
  const show = (names, visible) => names.forEach((name) => {
    const row = document.querySelector(`.form-row.field-${name}`);
    if (row && field(name)?.type !== "hidden") row.classList.toggle("hidden", !visible);
  });

  const kind = () => {
    const name = field("campaign_type") ? "campaign_type" : "voucher_type";
    if (!field(name)) return;
    const promotion = chosen(name) === "PROMOTION";
    const card = chosen(name).startsWith("GIFT_VOUCHER");
    show(["margin_amount", "margin_percent", "margin_skips"], !card);
    document.querySelectorAll("fieldset.of-codes").forEach((section) => {
      const other = section.classList.contains(card ? "of-coupons" : "of-cards");
      section.classList.toggle("hidden", promotion || other);
      const link = document.querySelector(`.contents a[href="#${section.parentElement.id}"]`);
      link?.parentElement.classList.toggle("hidden", promotion || other);
    });
  };

  // A card is spent in parts until it is empty, a coupon is used once, unless somebody says more.
  const limit = (event) => {
    const uses = field("redemption_limit");
    if (!uses || !["campaign_type", "voucher_type"].includes(event.target.name)) return;
    const card = event.target.value.startsWith("GIFT_VOUCHER");
    if (card && uses.value === uses.defaultValue) uses.value = "";
    if (!card && !uses.value) uses.value = uses.defaultValue;
  };

  const codes = () => {
    if (!field("type")) return;
    const single = chosen("type") === "STANDALONE";
    show(["count", "pattern", "charset", "code_prefix", "join_once", "lifetime_days"], !single);
    show(["public_code"], single);
  };

  const preview = () => {
    const output = document.querySelector(".code-preview");
    const pattern = field("pattern");
    if (!output || !pattern) return;
    const symbols = [...new Set(field("charset").value)];
    const random = () => symbols[crypto.getRandomValues(new Uint32Array(1))[0] % symbols.length];
    const example = field("code_prefix").value + pattern.value.replace(/#/g, random);
    const count = symbols.length ** (pattern.value.split("#").length - 1);
    const number = count < 1e15 ? count.toLocaleString(document.documentElement.lang) : "> 10¹⁵";
    const code = document.createElement("bdi");
    code.dir = "ltr";
    code.className = "code";
    code.textContent = example;
    const [before, after] = output.dataset.example.split("{code}");
    const room = output.dataset.room.replace("{count}", number);
    output.replaceChildren(before, code, `${after ?? ""} · ${room}`);
    output.classList.toggle("bad", count < Number(field("count").value.replace(/\D/g, "")));
  };

  const all = () => { kind(); codes(); preview(); };
  document.addEventListener("input", all);
  document.addEventListener("change", (event) => { limit(event); all(); });
  all();
})();
