/** Which thread answers which question: receipts, blocks and accounts stand behind nothing that takes long, proofs and logs behind no call. */
import type { Genesis } from "@noema/core/genesis";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { ChainReads } from "@noema/execution/api";
import type { NodeConfig } from "../config.ts";
import type { ExecutionThread } from "../threads/execution-face.ts";
import type { Question } from "../threads/reader-face.ts";
import { createReader } from "../threads/reader-thread.ts";

type Lane = "lookups" | "searches" | "calls";

/** `state`: of a number it is a lookup, within the next block it runs code. */
const LANES: Record<Question, Lane | "state"> = {
  account: "state",
  slot: "state",
  code: "state",
  accounts: "lookups",
  block: "lookups",
  headers: "lookups",
  transactions: "lookups",
  transaction: "lookups",
  receipts: "lookups",
  receipt: "lookups",
  outcome: "lookups",
  feesAfter: "lookups",
  nextBlock: "lookups",
  call: "calls",
  estimateGas: "calls",
  createAccessList: "calls",
  proof: "searches",
  logs: "searches",
};
/** A call or a search may take seconds: what more than these wait for comes too late. Lookups take a fraction of a millisecond. */
const LONG = { bound: 64, atOnce: 1 };
const LOOKUPS = { bound: 1024, atOnce: 64 };

export type ReadersDeps = {
  genesis: Genesis;
  config: Pick<NodeConfig, "inference" | "execution" | "rpc">;
  execution: ExecutionThread;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
};
export type Readers = { reads: ChainReads; stop(): Promise<void> };

/** Where the store has one reader, the thread that executes answers. */
export async function createReaders({ genesis, config, execution, clock, logger, metrics }: ReadersDeps): Promise<Readers> {
  const { state, models } = await execution.forReaders();
  if (state === undefined) return { reads: execution, stop: async () => undefined };
  const data = { genesis, state, models, inference: config.inference, execution: config.execution };
  const reader = (lane: Lane, { bound, atOnce }: typeof LONG) =>
    createReader(
      { ...data, runsCode: lane === "calls" },
      {
        name: `noema-${lane}`,
        queue: { name: `rpc_${lane}`, bound, unit: "items", rule: "replace" },
        ...{ atOnce, deadlineMs: config.rpc.deadlineMs, clock, logger, metrics },
      },
    );
  const all = { lookups: reader("lookups", LOOKUPS), searches: reader("searches", LONG), calls: reader("calls", LONG) };
  metrics.gauge("noema_rpc_readers", "reader threads that run", () => Object.values(all).filter((x) => x.runs()).length);
  const route = (name: Question) => (...args: unknown[]) => all[laneOf(name, args)].ask(name, args); // biome-ignore format: one line
  return {
    reads: Object.fromEntries(Object.keys(LANES).map((name) => [name, route(name as Question)])) as unknown as ChainReads,
    async stop() {
      await Promise.all(Object.values(all).map((reader) => reader.stop()));
    },
  };
}

function laneOf(name: Question, args: readonly unknown[]): Lane {
  const lane = LANES[name];
  return lane !== "state" ? lane : typeof args[0] === "number" ? "lookups" : "calls";
}
