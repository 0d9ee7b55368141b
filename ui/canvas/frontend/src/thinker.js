// Runs the layered layout in a worker, or in the page where workers are not allowed. A newer graph throws the one in
// work away: a worker is cheap to start again, a long layout is not cheap to wait for. One without work is kept for the
// next picture: it has loaded Graphviz, and knows the layouts it has made.

export const SUPERSEDED = 'superseded';
let idle = null;

function started() {
  const worker = new Worker(new URL('./layered.js', import.meta.url), { type: 'module' });
  worker.onerror = () => {
    if (idle === worker) idle = null;
  };
  return worker;
}

/** Have a worker ready before the first graph is asked for. */
export function prepare() {
  try {
    idle ??= started();
  } catch {
    // workers are not allowed: the page does it when it has to
  }
}

export class Thinker {
  constructor() {
    this.worker = null;
    this.giveUp = null;
  }

  async layered(graph) {
    this.stop();
    try {
      this.worker ??= this.taken();
      return await this.ask(graph);
    } catch (problem) {
      if (problem === SUPERSEDED) throw problem;
      this.worker = null;
      const { layered } = await import('./layered.js');
      return layered(graph);
    }
  }

  taken() {
    const worker = idle ?? started();
    idle = null;
    return worker;
  }

  ask(graph) {
    return new Promise((resolve, reject) => {
      this.giveUp = reject;
      this.worker.onmessage = ({ data }) => {
        this.giveUp = null;
        if (data.found) resolve(data.found);
        else reject(new Error(data.error));
      };
      this.worker.onerror = (event) => {
        this.giveUp = null;
        reject(event);
      };
      this.worker.postMessage(graph);
    });
  }

  /** Throw away what is in work. */
  stop() {
    if (!this.giveUp) return;
    this.worker.terminate();
    this.worker = null;
    this.giveUp(SUPERSEDED);
    this.giveUp = null;
  }

  end() {
    this.stop();
    if (idle) this.worker?.terminate();
    else idle = this.worker;
    this.worker = null;
  }
}
