// Runs before Streamlit's own scripts: see opening.py.
(() => {
  const here = new URL("./", location).href;
  window.__streamlit = { BACKEND_BASE_URL: here, MAIN_PAGE_BASE_URL: here };

  const FIRST_PAGE_MS = 2000;
  const soon = document.currentScript.dataset.soon.split(" ");
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
  const next = () => {
    const part = soon.shift();
    if (part) import(new URL(part, here)).finally(() => idle(next));
  };
  addEventListener("load", () => setTimeout(() => idle(next), FIRST_PAGE_MS));
})();
