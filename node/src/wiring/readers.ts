/** Which thread answers which question: receipts, blocks and accounts stand behind nothing that takes long, proofs and logs behind no call, calls behind no trace. */
import type { Genesis } from "@noema/core/genesis";
import type { Clock } from "@noema/core/ports/clock";
import type { KvReaderPlace } from "@noema/core/ports/kv-store";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { ChainReads } from "@noema/execution/api";
import type { NodeConfig } from "../config.ts";
import { asker } from "../rpc/asker.ts";
import { rpcError } from "../rpc/errors.ts";
import type { ExecutionThread } from "../threads/execution-face.ts";
import { createLane } from "../threads/lane.ts";
import type { ForReaders, Question } from "../threads/reader-face.ts";
import { createReader } from "../threads/reader-thread.ts";

type Lane = "lookups" | "searches" | "calls" | "traces";

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
  dump: "searches",
  codeOf: "lookups",
  storageRange: "searches",
  changedBetween: "searches",
  feesAfter: "lookups",
  nextBlock: "lookups",
  call: "calls",
  estimateGas: "calls",
  createAccessList: "calls",
  simulate: "calls",
  proof: "searches",
  logs: "searches",
  trace: "traces",
  logChanges: "searches",
  newBlocks: "lookups",
};
/** A call or a search may take seconds: what more than these wait for comes too late. Lookups take a fraction of a millisecond. */
const LONG = { bound: 64, atOnce: 1 };
const LOOKUPS = { bound: 1024, atOnce: 64 };

export type ReadersDeps = {
  genesis: Genesis;
  config: Pick<NodeConfig, "inference" | "execution" | "rpc">;
  execution: ExecutionThread;
  /** What a question failed with. */
  failed?(error: unknown): void;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
};
export type Readers = { reads: ChainReads; stop(): Promise<void> };

type Lanes = Record<Lane, { ask(name: Question, args: readonly unknown[]): Promise<unknown>; stop(): Promise<void> }>;

/** Where the store has one reader, the thread that executes answers, behind the same queues. */
export async function createReaders(deps: ReadersDeps): Promise<Readers> {
  const { state, models } = await deps.execution.forReaders();
  const lanes = state === undefined ? ownerLanes(deps) : readerLanes(deps, state, models);
  const route =
    (name: Question) =>
    (...args: unknown[]) =>
      lanes[laneOf(name, args)].ask(name, args).catch((error) => {
        deps.failed?.(error);
        throw error;
      });
  return {
    reads: Object.fromEntries(Object.keys(LANES).map((name) => [name, route(name as Question)])) as unknown as ChainReads,
    async stop() {
      await Promise.all(Object.values(lanes).map((lane) => lane.stop()));
    },
  };
}

function laneOptions({ config, clock, metrics }: ReadersDeps, lane: Lane) {
  const { bound, atOnce } = lane === "lookups" ? LOOKUPS : LONG;
  const queue = { name: `rpc_${lane}`, bound, unit: "items", rule: "replace" } as const;
  return { queue, atOnce, deadlineMs: config.rpc.deadlineMs, clock, metrics };
}

function readerLanes(deps: ReadersDeps, state: KvReaderPlace, models: ForReaders["models"]): Lanes {
  const { genesis, config, logger, metrics } = deps;
  const data = { genesis, state, models, inference: config.inference, execution: config.execution };
  const reader = (lane: Lane) =>
    createReader(
      { ...data, runsCode: lane === "calls" || lane === "traces" },
      { ...laneOptions(deps, lane), name: `noema-${lane}`, logger },
    );
  const all = { lookups: reader("lookups"), searches: reader("searches"), calls: reader("calls"), traces: reader("traces") };
  metrics.gauge("noema_rpc_readers", "reader threads that run", () => Object.values(all).filter((x) => x.runs()).length);
  return all;
}

/** What runs there cannot be stopped: past its deadline it is no longer waited for. */
function ownerLanes(deps: ReadersDeps): Lanes {
  const methods = deps.execution as unknown as Record<Question, (...args: readonly unknown[]) => Promise<unknown>>;
  const lane = (name: Lane): Lanes[Lane] => {
    const own = createLane({ ...laneOptions(deps, name), ready: async () => undefined, stop() {}, replace() {} });
    return { ask: (question, args) => own.ask(asker(), () => methods[question](...args)), stop: async () => undefined };
  };
  // A trace runs a block again, ten times as slowly: not between two blocks that all validators wait for.
  const refuse = async () => {
    throw rpcError("RPC_TRACE_DISABLED", "the store of this node has one reader, the thread that executes blocks");
  };
  const traces = { ask: refuse, stop: async () => undefined };
  return { lookups: lane("lookups"), searches: lane("searches"), calls: lane("calls"), traces };
}

function laneOf(name: Question, args: readonly unknown[]): Lane {
  const lane = LANES[name];
  return lane !== "state" ? lane : typeof args[0] === "number" ? "lookups" : "calls";
}
