// Runs in the page before the app does: notes when it last changed, when the server last spoke, and when a person acted.
(() => {
  const ACTS = ["pointerdown", "keydown"];
  const SEEN = { heading: "h1", figures: "[data-testid=stMetricValue]" };
  const watch = { acted: 0, changed: 0, sent: 0, heard: 0, bytes: 0, seen: {} };
  window.stopwatch = watch;

  const UNSEEN = "[data-live-announcer]"; // what is only heard, half a second after
  const unseen = ({ target }) => (target.nodeType === 1 ? target : target.parentElement)?.closest(UNSEEN);
  const note = (changes) => {
    if (changes.every(unseen)) return;
    watch.changed = performance.now();
    for (const [name, selector] of Object.entries(SEEN)) {
      if (!(name in watch.seen) && document.querySelector(selector)) watch.seen[name] = watch.changed;
    }
  };
  const observe = (root) =>
    new MutationObserver(note).observe(root, {
      subtree: true, childList: true, characterData: true, attributes: true,
    });
  observe(document);

  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    observe(root);
    return root;
  };

  for (const act of ACTS) {
    window.addEventListener(act, (event) => (watch.acted = event.timeStamp), { capture: true });
  }

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", (event) => {
        watch.heard = performance.now();
        watch.bytes += event.data.byteLength ?? event.data.size ?? event.data.length;
      });
    }

    send(data) {
      watch.sent = performance.now();
      super.send(data);
    }
  };

  // Still: nobody waits for the server, nothing in the page is of the time before, and nothing moved for a while.
  const busy = "[data-testid=stApp]:not([data-test-script-state=notRunning]), [data-stale=true], [data-testid=stSpinner]";
  watch.still = (quiet, patience) => {
    if (!document.querySelector("[data-testid=stApp]") || document.querySelector(busy)) return null;
    const last = Math.max(watch.acted, watch.changed, watch.sent, watch.heard);
    const waits = watch.sent > watch.heard ? patience : quiet;
    if (performance.now() - last < waits) return null;
    return { seconds: (Math.max(watch.changed, watch.acted) - watch.acted) / 1000, ...watch };
  };
  watch.reset = () => Object.assign(watch, { bytes: 0 });
})();
