/** `bench disk`: every byte that transfers leave on a validator's disk, by file, table and kind of record. */
import { createProgress } from "@noema/node/cli/progress";
import { COMMON_LOAD } from "../load/alternate.ts";
import { describeRun } from "../load/report/words.ts";
import { transfers } from "../load/scenarios/transfers.ts";
import { openSession } from "../load/session.ts";
import { startNoema } from "../load/targets/noema.ts";
import { describeMachine, machineNow } from "../machine.ts";
import { growth, type Holdings, holdingsOf } from "./holdings.ts";

export type DiskOptions = {
  noema: string;
  rate: number;
  batch: number;
  seconds: number;
  senders: number;
  validators: number;
  seed: number;
};

/** Below it a line says nothing, bytes a transaction. */
const LEAST = 0.05;

export async function disk(o: DiskOptions): Promise<void> {
  const progress = createProgress();
  progress.say(`${describeMachine(machineNow(o.noema))}; seed ${o.seed}`);
  const starting = startNoema({ checkout: o.noema, validators: o.validators, asyncSend: true, flags: [], syncDelayMs: 0 });
  const target = await progress.during((s) => `starting ... ${s} s`, starting);
  try {
    const count = Math.ceil(o.rate * o.seconds);
    const load = { ...COMMON_LOAD, batch: o.batch, senders: o.senders, seed: o.seed, count };
    const session = await openSession(target, transfers, load);
    const folder = target.folders[0] as string;
    const before = holdingsOf(folder);
    const running = session.run({ rate: o.rate, window: 1, seconds: o.seconds });
    const result = await progress.during((s) => `${o.rate} transfers a second ... ${s} of ${o.seconds} s`, running);
    progress.say(describeRun(result));
    const { count: blocks } = result.blocks;
    progress.say(`${(result.included / blocks).toFixed(1)} transfers a block of ${blocks}\n`);
    for (const line of table(growth(before, holdingsOf(folder)), result.included, blocks)) progress.say(line);
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, target.stop());
  }
}

/** Markdown; the most first. */
export function table(grown: Holdings, transactions: number, blocks: number): string[] {
  const sum = { rows: 0, bytes: 0, diskBytes: 0 };
  for (const x of grown.values()) {
    sum.rows += x.rows;
    sum.bytes += x.bytes;
    sum.diskBytes += x.diskBytes;
  }
  const lines = [...grown]
    .filter(([, x]) => Math.abs(x.diskBytes / transactions) >= LEAST)
    .sort(([, a], [, b]) => b.diskBytes - a.diskBytes);
  return [
    "| what | rows a transaction | its bytes | on disk | on disk a block |",
    "|---|---|---|---|---|",
    ...[...lines, ["all", sum] as const].map(([name, x]) => {
      const cells = [x.rows / transactions, x.bytes / transactions, x.diskBytes / transactions, x.diskBytes / blocks];
      return `| ${name} | ${cells.map((cell, i) => cell.toFixed(i === 0 ? 2 : 1)).join(" | ")} |`;
    }),
  ];
}
