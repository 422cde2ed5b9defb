/** A thread that runs for long, and is not alone on its core, leaves it free every now and then. */

/** Of asking, before the clock is looked at. */
export const EVERY = 1024;
/** The system tells CPU time by its ticks, of 4 to 10 ms. */
const WINDOW_MS = 20;
/** What it has to get of the time, else somebody waits for it. */
const ALONE = 0.8;

export type Times = {
  wallMs(): number;
  /** Of this thread. */
  cpuMs(): number;
  pause(ms: number): void;
};

/**
 * Ask the result in whatever runs for long. A lower priority alone does not do: what wakes up on a busy core waits for a slice of a few
 * milliseconds, and a block of several validators is some tens of messages between threads.
 */
export function createCourtesy({ wallMs, cpuMs, pause }: Times = systemTimes()): () => void {
  let asked = 0;
  let [wall, cpu] = [wallMs(), cpuMs()];
  return () => {
    if (++asked % EVERY !== 0) return;
    const passed = wallMs() - wall;
    if (passed < WINDOW_MS) return;
    const ran = cpuMs() - cpu;
    // Longer: it had nothing to do in between.
    if (passed < 10 * WINDOW_MS && ran < ALONE * passed) pause(Math.min(ran, WINDOW_MS));
    [wall, cpu] = [wallMs(), cpuMs()];
  };
}

function systemTimes(): Times {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  return {
    wallMs: () => performance.now(),
    cpuMs() {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    },
    pause: (ms) => void Atomics.wait(nobody, 0, 0, ms),
  };
}
