/** What holds a rate where it is, by measured shares. */
import type { RunResult } from "../result.ts";

export type Bound = {
  /** Cores that target and load generator kept busy, on average. */
  cores: number;
  /** The thread that worked most, and how much of the time. */
  thread: string;
  share: number;
  /** Transactions a second at which that thread alone would be full, with cores to spare for all others. */
  ceiling: number;
  /** On `MANY` cores, by the shares that were measured here, and what holds it there. An estimate: caches, memory and locks are not in it. */
  many: { rate: number; by: string };
};

const MANY = 16;

/** Pools, of which a machine with more cores has more at work. */
const POOLS = ["v8", "libuv", "tokio-rt-worker"];

/** Undefined of a target whose threads were not seen. */
export function boundOf({ processes, coreMicros = 0, generatorCoreMicros, included, seconds }: RunResult): Bound | undefined {
  const rate = included / seconds;
  const threads = (processes ?? []).flatMap(({ name: process, threads }) =>
    threads.map((x) => ({ ...x, name: `${x.name} of ${process}` })),
  );
  const single = threads.filter((x) => !POOLS.some((pool) => x.name.startsWith(`${pool} `)));
  const [most] = single.sort((a, b) => b.coreMicros - a.coreMicros);
  if (most === undefined || most.coreMicros <= 0) return undefined;
  const ceiling = 1e6 / most.coreMicros;
  const all = (1e6 * MANY) / coreMicros;
  return {
    cores: ((coreMicros + generatorCoreMicros) * rate) / 1e6,
    thread: most.name,
    share: (most.coreMicros * rate) / 1e6,
    ceiling,
    many: ceiling <= all ? { rate: ceiling, by: most.name } : { rate: all, by: "the sum of all threads" },
  };
}

export function boundText({ cores, thread, share, ceiling, many }: Bound): string {
  const busy = `${cores.toFixed(1)} cores busy; ${thread} ${(100 * share).toFixed(0)} % of one: it alone would be full at ${ceiling.toFixed(0)}/s`;
  return `${busy}; by these shares ${MANY} cores would give ${many.rate.toFixed(0)}/s, held by ${many.by}`;
}
