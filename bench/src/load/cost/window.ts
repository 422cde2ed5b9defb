/** What the processes of a target cost between two moments. */
import { cpuSeconds } from "../../usage.ts";
import { processTree } from "./process-tree.ts";
import { type ThreadTime, threadCosts, threadTimes } from "./threads.ts";

export type NamedProcess = { name: string; pid: number };
export type ProcessCost = { name: string; micros: number; threads: { name: string; micros: number }[] };
type Look = Map<number, { seconds: number; threads: ThreadTime[] }>;

/** `named` are told by name, `root` itself else as "launcher", what was started beside them as "other". Call the result at the end of the window. */
export function openWindow(root: number, named: readonly NamedProcess[]): () => ProcessCost[] {
  const before = look(root);
  return () => {
    const after = look(root);
    const costs = new Map<string, ProcessCost>();
    for (const [pid, { seconds, threads }] of after) {
      const then = before.get(pid);
      const lines = threadCosts(then?.threads ?? [], threads);
      const sum = lines.reduce((total, x) => total + x.micros, 0);
      // A thread that ended within the window is in the process's sum only; the sum counts in ticks, the threads finer.
      const micros = Math.max(sum, (seconds - (then?.seconds ?? 0)) * 1e6);
      const name = named.find((x) => x.pid === pid)?.name ?? (pid === root ? "launcher" : "other");
      const cost = costs.get(name) ?? { name, micros: 0, threads: [] };
      costs.set(name, { name, micros: cost.micros + micros, threads: [...cost.threads, ...lines] });
    }
    return [...costs.values()];
  };
}

function look(root: number): Look {
  return new Map(
    processTree(root).flatMap((pid) => {
      try {
        return [[pid, { seconds: cpuSeconds(pid), threads: threadTimes(pid) }] as const];
      } catch {
        return []; // it has ended meanwhile, or there is no /proc
      }
    }),
  );
}
