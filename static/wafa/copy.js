"use strict";
// A copy button after every code; inside a link it would not be reachable, so it goes behind it.
(() => {
  const { copyLabel, copiedLabel, copyIcon } = document.body.dataset;
  const svg = (href) => {
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("width", "14");
    icon.setAttribute("height", "14");
    icon.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", href);
    icon.append(use);
    return icon;
  };
  document.querySelectorAll("[data-copy]").forEach((code) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.title = copyLabel;
    button.setAttribute("aria-label", `${copyLabel}: ${code.textContent}`);
    button.append(svg(copyIcon));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.title = copiedLabel;
      button.setAttribute("aria-label", copiedLabel);
    });
    (code.closest("a") || code).after(button);
  });
})();
