/** In a thread that thread.ts started: what it answers. */
import { parentPort, workerData } from "node:worker_threads";
import { type ExposeOptions, expose, type Port } from "../threads/rpc.ts";
import { type Shelter, sheltered } from "../threads/shelter.ts";

const shelter = sheltered((workerData as { shelter: Shelter }).shelter);
export const runSheltered = shelter.run;
let loading = true;

/** Messages and immediates come when the evaluation of the entry has ended; which of them comes first is not said. */
export function loaded(): void {
  if (loading) shelter.loaded();
  loading = false;
}

let called = false;
const started = () => void (process as NodeJS.EventEmitter).emit("started"); // heard by the bundle's loader

/** `inside`: which methods it must not be ended in (shelter.ts). */
export function serve(target: object, { inside, ...o }: Omit<ExposeOptions, "around"> & { inside: "all" | readonly string[] }): void {
  function around(method: string, call: () => unknown): unknown {
    const made = () => {
      loaded();
      const result = call();
      if (!called) Promise.resolve(result).then(started, started);
      called = true;
      return result;
    };
    return inside === "all" || inside.includes(method) ? runSheltered(made) : made();
  }
  expose(parentPort as Port, target, { ...o, around });
  setImmediate(loaded);
}
