/**
 * CPU time by process and thread, from /proc/PID/task. schedstat counts nanoseconds; where the kernel has none, stat counts ticks.
 *
 * Threads are told apart by their names, and nameless workers by the order of their start. Node names its main thread, V8's helpers
 * and libuv's pool; a worker has the name that `new Worker(file, { name })` gave it, else all are "WorkerThread": the first of
 * those in a validator executes. A thread that a native add-on starts (LMDB's writer) keeps the name of the thread that started it.
 */
import { readdirSync, readFileSync } from "node:fs";

/** Kernel ticks a second on every Linux that Node supports. */
const TICKS = 100;

export type ThreadTime = { tid: number; name: string; micros: number };

/** Of the living threads, in the order of their start. Empty where there is no /proc. */
export function threadTimes(pid: number): ThreadTime[] {
  const threads: ThreadTime[] = [];
  for (const tid of tasks(pid)) {
    try {
      const folder = `/proc/${pid}/task/${tid}`;
      const name = tid === pid ? "main" : readFileSync(`${folder}/comm`, "utf8").trim();
      threads.push({ tid, name, micros: microsOf(folder) });
    } catch {
      // it has ended meanwhile
    }
  }
  return threads;
}

function tasks(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function microsOf(folder: string): number {
  try {
    return Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]) / 1000;
  } catch {
    const fields = readFileSync(`${folder}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS;
  }
}

/** Microseconds that each thread ran between two looks; threads of one name that do one job are one line. */
export function threadCosts(before: readonly ThreadTime[], after: readonly ThreadTime[]): { name: string; micros: number }[] {
  const earlier = new Map(before.map((x) => [x.tid, x.micros]));
  const costs = new Map<string, number>();
  const numbered = new Map<string, number>();
  for (const { tid, name, micros } of after) {
    const label = labelOf(name, numbered);
    costs.set(label, (costs.get(label) ?? 0) + micros - (earlier.get(tid) ?? 0));
  }
  return [...costs].map(([name, micros]) => ({ name, micros }));
}

/** V8's and libuv's helpers are a pool each, and what add-ons start beside main is one line; of nameless workers each has its own work. */
function labelOf(name: string, numbered: Map<string, number>): string {
  if (/V8|DelayedTaskSche|SignalInspector/i.test(name)) return "v8";
  if (/^(libuv-worker|node-uv)/.test(name)) return "libuv";
  if (/^(MainThread|node)$/.test(name)) return "add-ons of main";
  if (name !== "WorkerThread") return name;
  const k = (numbered.get(name) ?? 0) + 1;
  numbered.set(name, k);
  return k === 1 ? name : `${name} ${k}`;
}
