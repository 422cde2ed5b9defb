/** Blob lanes of several validators over a simulated network, clock and crash-able logs. Test support, no production code. */
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { PublishProgress } from "@noema/core/ports/data";
import { createKeyedValidators, type KeyedValidators } from "@noema/core/testing/keyed-scheme";
import { createMemoryLog, type MemoryLog } from "@noema/core/testing/memory-log";
import { createRecordingLogger, type LogLine, nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock, type SimClock } from "@noema/core/testing/sim-clock";
import { createSimNetwork, type SimNetwork, type SimPeer } from "@noema/core/testing/sim-network";
import { createDiskRoom } from "../blob/disk-room.ts";
import type { Kzg } from "../blob/kzg.ts";
import { createBlobLane, type RunningBlobLane } from "../blob/lane.ts";
import type { LogFolder } from "../blob/row-store.ts";
import { createLocalRowWorker, type RowWorker } from "../blob/row-worker.ts";
import { type BlobLaneOptions, blobLaneOptions, parseDaGenesis } from "../options.ts";

export type MemoryFolder = LogFolder & { logs: Map<string, MemoryLog>; crash(): MemoryFolder };

export function createMemoryFolder(logs = new Map<string, MemoryLog>()): MemoryFolder {
  return {
    logs,
    async openRows(name, above) {
      const log = await this.open(name);
      while (log.append(new Uint8Array()) < above - 1); // no position is given again
      return {
        append: async (record) => log.append(record),
        sync: () => log.sync(),
        async read(position) {
          const record = log.read(position);
          return record?.length === 0 ? undefined : record;
        },
        close: () => log.close(),
      };
    },
    async open(name) {
      const log = logs.get(name) ?? createMemoryLog();
      logs.set(name, log);
      return log;
    },
    list: async () => [...logs.keys()],
    async drop(name) {
      logs.delete(name);
    },
    crash: () => createMemoryFolder(new Map([...logs].map(([name, log]) => [name, log.crash()]))),
  };
}

export type BlobNode = { index: number; lane: RunningBlobLane; catalog: MemoryLog; rows: MemoryFolder; network: SimPeer };
export type BlobLanes = KeyedValidators & {
  clock: SimClock;
  net: SimNetwork;
  nodes: BlobNode[];
  chain: { height: Height; epoch: number; halted?: string; diskFree?: number };
  seed: Hash;
  /** An index beyond the validators is a node that only reads. */
  start(index: number, disk?: { catalog: MemoryLog; rows: MemoryFolder }): Promise<BlobNode>;
  restart(index: number): Promise<BlobNode>;
  /** Of all nodes. */
  lines: LogLine[];
  /** Runs clock and promises until the promise settles. */
  until<T>(promise: Promise<T>): Promise<T>;
};

/** `measured`: the worker of each node, as another that calls it. */
export function createBlobLanes(
  kzg: Kzg,
  weights: bigint[],
  own: Partial<BlobLaneOptions> = {},
  measured: (worker: RowWorker, index: number) => RowWorker = (worker) => worker,
): BlobLanes {
  const keys = createKeyedValidators(weights);
  const clock = createSimClock();
  const net = createSimNetwork({ clock, delayMs: () => 5 });
  const chain: BlobLanes["chain"] = { height: 10, epoch: 0 };
  const seed = new Uint8Array(32).fill(9);
  const options = blobLaneOptions(parseDaGenesis({}), 7, own);
  const nodes: BlobNode[] = [];
  const logger = createRecordingLogger();
  async function start(index: number, disk = { catalog: createMemoryLog(), rows: createMemoryFolder() }): Promise<BlobNode> {
    const signer = keys.signers[index];
    const network = net.join(`v${index}`, signer?.publicKey);
    const worker = measured(
      createLocalRowWorker(async () => kzg),
      index,
    );
    const lane = createBlobLane(options, {
      validatorSet: () => ({ ...keys.set, epoch: chain.epoch }),
      validatorSetOf: (epoch) => ({ ...keys.set, epoch }),
      finalizedHeight: () => chain.height,
      epochSeed: () => seed,
      halted: () => chain.halted,
      disk: createDiskRoom(async () => chain.diskFree ?? 2 ** 40, options.diskReserve, nullMetrics),
      signer,
      scheme: keys.scheme,
      network,
      catalog: disk.catalog,
      rows: disk.rows,
      worker,
      clock,
      logger,
      metrics: nullMetrics,
    });
    await lane.start();
    nodes[index] = { index, lane, ...disk, network };
    return nodes[index];
  }
  return {
    ...keys,
    clock,
    net,
    nodes,
    chain,
    seed,
    start,
    lines: logger.lines,
    async restart(index) {
      const old = nodes[index]!;
      old.network.leave();
      const disk = { catalog: old.catalog.crash(), rows: old.rows.crash() };
      await old.lane.stop();
      return start(index, disk);
    },
    async until(promise) {
      let done = false;
      const settled = promise.finally(() => {
        done = true;
      });
      settled.catch(() => {});
      while (!done) await clock.advanceAsync(5);
      return settled;
    },
  };
}

export async function* chunked(data: Uint8Array, size = 60_000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

/** Publishes at a node and runs until it is certified. */
export async function publishUntilCertified(
  lane: RunningBlobLane,
  data: Uint8Array,
  expiry?: Height,
): Promise<{ id: Hash; steps: PublishProgress[] }> {
  const steps: PublishProgress[] = [];
  for await (const progress of lane.publish(chunked(data), { namespace: Uint8Array.of(1), bytes: data.length, expiry })) {
    steps.push(progress);
    if (progress.step === "certified") return { id: progress.id!, steps };
  }
  throw new Error("not certified");
}

export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}
