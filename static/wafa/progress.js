"use strict";
(() => {
  const card = document.querySelector("[data-progress]");
  if (!card || "finished" in card.dataset) return;
  const bar = card.querySelector("progress");
  let pause = 1000;
  const ask = async () => {
    try {
      const answer = await fetch(card.dataset.progress);
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      bar.value = state.percent;
      card.querySelector("[data-text]").textContent = state.text;
      card.querySelector("[data-rate]").textContent = state.rate;
      if (state.finished) return location.reload();
      pause = 1000;
    } catch {
      pause = Math.min(pause * 2, 15000);
    }
    setTimeout(ask, pause);
  };
  setTimeout(ask, pause);
})();
