// Runs before Streamlit's own scripts: see opening.py.
(() => {
  const here = new URL("./", location).href;
  window.__streamlit = { BACKEND_BASE_URL: here, MAIN_PAGE_BASE_URL: here };

  // The app completes the address of a page just chosen; that is no step of its own to go back to.
  const push = history.pushState;
  history.pushState = function (state, title, url) {
    const completes = !new URLSearchParams(location.search).has("lang") && new URL(url, location).pathname === location.pathname;
    return (completes ? history.replaceState : push).call(this, state, title, url);
  };

  const FIRST_PAGE_MS = 2000;
  const soon = document.currentScript.dataset.soon.split(" ");
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
  const next = () => {
    const part = soon.shift();
    if (part) import(new URL(part, here)).finally(() => idle(next));
  };
  addEventListener("load", () => setTimeout(() => idle(next), FIRST_PAGE_MS));
})();
