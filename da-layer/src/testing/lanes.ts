/** Payload lanes of several validators over a simulated network, clock and crash-able logs. Test support, no production code. */
import { sha256 } from "@noema/core/hash";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { OperationSource, PayloadChecker, PayloadSource } from "@noema/core/ports/data";
import { createKeyedValidators, type KeyedValidators } from "@noema/core/testing/keyed-scheme";
import { createMemoryLog, type MemoryLog } from "@noema/core/testing/memory-log";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock, type SimClock } from "@noema/core/testing/sim-clock";
import { createSimNetwork, type SimNetwork, type SimPeer } from "@noema/core/testing/sim-network";
import { type PayloadLaneOptions, parseDaGenesis, payloadLaneOptions } from "../options.ts";
import { createPayloadLane, type PayloadLaneDeps, type RunningPayloadLane } from "../payload/lane.ts";

/** A transaction's gas is 21,000; one that starts with 0xff is invalid. */
export const testChecker: PayloadChecker = {
  async check(txs) {
    if (txs.some((tx) => tx[0] === 0xff)) return { invalid: "a transaction is invalid" };
    return { gas: 21_000n * BigInt(txs.length), hashes: txs.map((tx) => sha256(tx)), senders: txs.map((tx) => sha256(tx).subarray(12)) };
  },
};

export type TestSource = PayloadSource & {
  add(...txs: Bytes[]): void;
  readonly queue: Bytes[];
  readonly given: Bytes[];
  readonly discarded: Bytes[];
};

export function createTestSource(): TestSource {
  const queue: Bytes[] = [];
  const given: Bytes[] = [];
  const discarded: Bytes[] = [];
  let ready = () => {};
  return {
    queue,
    given,
    discarded,
    add(...txs) {
      queue.push(...txs);
      ready();
    },
    take(maxBytes) {
      const txs: Bytes[] = [];
      let bytes = 0;
      while (queue.length > 0 && bytes + queue[0]!.length <= maxBytes) {
        bytes += queue[0]!.length;
        txs.push(queue.shift()!);
      }
      return txs.length === 0 ? undefined : { txs, gas: 21_000n * BigInt(txs.length) };
    },
    giveBack: (txs) => void given.push(...txs),
    discard: (txs) => void discarded.push(...txs),
    onReady(f) {
      ready = f;
    },
  };
}

export type TestOperations = OperationSource & Pick<TestSource, "add" | "given">;

/** An operation that starts with 0xff is none. */
function createTestOperations(): TestOperations {
  const { take, ...source } = createTestSource();
  return {
    ...source,
    take: (maxBytes) => take(maxBytes, 0n)?.txs,
    fault: (operations) => (operations.some((x) => x[0] === 0xff) ? "it is none" : undefined),
  };
}

export type TestNode = {
  index: number;
  lane: RunningPayloadLane;
  source: TestSource;
  /** The lane knows of it on a development chain alone. */
  operations: TestOperations;
  log: MemoryLog;
  network: SimPeer;
  /** What `onOutstanding` told. */
  outstanding: Bytes[];
};

export type TestLanes = KeyedValidators & {
  clock: SimClock;
  net: SimNetwork;
  nodes: TestNode[];
  /** Finalized height and epoch that every lane sees. */
  chain: { height: Height; epoch: number };
  start(index: number, log?: MemoryLog, beforeStart?: (lane: RunningPayloadLane) => void, more?: Partial<PayloadLaneDeps>): TestNode;
  /** Kill -9, then a new process with what was synced. */
  restart(index: number, beforeStart?: (lane: RunningPayloadLane) => void): Promise<TestNode>;
};

export function createTestLanes(weights: bigint[], own: Partial<PayloadLaneOptions> = {}, dev = false): TestLanes {
  const keys = createKeyedValidators(weights);
  const clock = createSimClock();
  const net = createSimNetwork({ clock, delayMs: () => 5 });
  const chain = { height: 10, epoch: 0 };
  const options = payloadLaneOptions(parseDaGenesis({}), { aheadMs: 0, gapMs: 0, ...own });
  const nodes: TestNode[] = [];
  function start(
    index: number,
    log = createMemoryLog(),
    beforeStart: (lane: RunningPayloadLane) => void = () => {},
    more: Partial<PayloadLaneDeps> = {},
  ): TestNode {
    const network = net.join(`v${index}`, keys.signers[index]!.publicKey);
    const source = createTestSource();
    const operations = createTestOperations();
    const outstanding: Bytes[] = [];
    const lane = createPayloadLane(options, {
      validatorSet: () => ({ ...keys.set, epoch: chain.epoch }),
      validatorSetOf: (epoch) => ({ ...keys.set, epoch }),
      finalizedHeight: () => chain.height,
      signer: keys.signers[index]!,
      scheme: keys.scheme,
      network,
      store: log,
      source,
      checker: testChecker,
      ...(dev && { operations }),
      onOutstanding: ({ txs }) => void outstanding.push(...txs),
      clock,
      logger: nullLogger,
      metrics: nullMetrics,
      ...more,
    });
    beforeStart(lane);
    lane.start();
    const node = { index, lane, source, operations, log, network, outstanding };
    nodes[index] = node;
    return node;
  }
  return {
    ...keys,
    clock,
    net,
    nodes,
    chain,
    start,
    async restart(index, beforeStart) {
      const old = nodes[index]!;
      old.network.leave();
      const log = old.log.crash();
      await old.lane.stop();
      return start(index, log, beforeStart);
    },
  };
}

export function tx(n: number, bytes = 120): Bytes {
  const out = new Uint8Array(bytes);
  new DataView(out.buffer).setUint32(1, n);
  out[0] = 2;
  return out;
}
