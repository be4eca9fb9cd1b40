// Makes the frame as high as its notebook, and gives it the page's theme. The notebook's own scripts never run.
"use strict";
(() => {
  const frame = document.querySelector("iframe.notebook");
  if (!(frame instanceof HTMLIFrameElement)) return;

  // Measured in a frame of the first height: content a bit higher than its window would make it grow for ever.
  const fit = () => {
    const content = frame.contentDocument?.documentElement;
    if (!content) return;
    const { scrollX: left, scrollY: top } = window;
    frame.style.height = frame.style.minHeight = "";
    const isShort = content.scrollHeight <= content.clientHeight;
    const borders = frame.offsetHeight - frame.clientHeight;
    frame.style.height = `${(isShort ? content.offsetHeight : content.scrollHeight) + borders}px`;
    frame.style.minHeight = "0";
    window.scrollTo({ left, top, behavior: "instant" });
  };

  const paint = () => {
    const content = frame.contentDocument?.documentElement;
    const theme = document.documentElement.dataset.theme;
    if (!content) return;
    if (theme) content.dataset.theme = theme;
    else delete content.dataset.theme;
  };

  const start = () => {
    const body = frame.contentDocument?.body;
    if (!body) return;
    paint();
    fit();
    document.documentElement.classList.remove("fitting");
    new ResizeObserver(fit).observe(body); // images arrive later
    new MutationObserver(paint).observe(document.documentElement, {
      attributeFilter: ["data-theme"],
    });
  };

  frame.addEventListener("load", start);
  const { URL: address, readyState } = frame.contentDocument ?? {};
  if (address === "about:srcdoc" && readyState === "complete") start();
  else document.documentElement.classList.add("fitting");
})();
