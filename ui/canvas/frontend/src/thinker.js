// Runs the layered layout in a worker, or in the page where workers are not allowed. A newer graph throws the one in
// work away: a worker is cheap to start again, a long layout is not cheap to wait for.

export const SUPERSEDED = 'superseded';

export class Thinker {
  constructor() {
    this.worker = null;
    this.giveUp = null;
  }

  async layered(graph) {
    this.stop();
    try {
      this.worker ??= new Worker(new URL('./layered.js', import.meta.url), { type: 'module' });
      return await this.ask(graph);
    } catch (problem) {
      if (problem === SUPERSEDED) throw problem;
      this.worker = null;
      const { layered } = await import('./layered.js');
      return layered(graph);
    }
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
    this.worker?.terminate();
  }
}
