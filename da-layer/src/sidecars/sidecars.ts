/**
 * The blobs of transactions (da.md 2, decision 0069): checked, kept for a time of the chain, given to peers, and fetched from them. Whoever
 * signs a batch holds those of its transactions, so that a certificate says of them what it says of the batch.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { to0x, toHex } from "@noema/core/bytes";
import { askPeer, servePeers } from "@noema/core/peer-methods";
import type { Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network } from "@noema/core/ports/network";
import type { SidecarBlob, Sidecars } from "@noema/core/ports/sidecars";
import type { DiskRoom } from "../blob/disk-room.ts";
import type { RowWorker } from "../blob/row-worker.ts";
import { daError } from "../errors.ts";
import { createGate } from "../shared/gate.ts";
import { withTimeout } from "../shared/requests.ts";
import { type CELL_PROOFS, encodeRecord, versionedHashOf } from "./record.ts";
import { createSidecarStore, type SidecarFiles } from "./store.ts";
import { MAX_HASHES, SIDECARS } from "./wire.ts";

export type SidecarOptions = {
  retentionSeconds: number;
  /** Of each blob that is kept: the fork's. */
  proofs: 1 | typeof CELL_PROOFS;
  /** One peer's answer: nine blobs are 1.2 MB. */
  fetchTimeoutMs: number;
};

export type SidecarDeps = {
  files: SidecarFiles;
  disk: DiskRoom;
  worker: Pick<RowWorker, "verifyBlobs" | "makeCells">;
  network: Network;
  clock: Clock;
  /** Of the newest block, in seconds. */
  chainTime(): number;
  logger: Logger;
  metrics: Metrics;
};

export type RunningSidecars = Sidecars & {
  start(): void;
  /** The chain's time has moved. */
  expire(): Promise<void>;
  stop(): void;
};

/** Checked and kept for clients at once: each is in memory twice, 2.4 MB. */
const AT_ONCE = 4;
/** Publishers whose batches are fetched for at once, each batch after the other: who does not answer holds up his own. */
const PUBLISHERS = 256;

export function createSidecars(options: SidecarOptions, deps: SidecarDeps): RunningSidecars {
  const { disk, worker, network, clock, logger } = deps;
  const store = createSidecarStore(deps.files, options.retentionSeconds, deps.chainTime);
  const stopping = new AbortController();
  const gate = createGate(AT_ONCE);
  const fetchGates = createBoundedMap<string, ReturnType<typeof createGate>>(PUBLISHERS);
  const kept = deps.metrics.counter("noema_da_sidecar_blobs_total", "Blobs of transactions that were kept");
  const fetched = deps.metrics.counter("noema_da_sidecar_blobs_fetched_total", "Those of them that came from peers");
  /** By whom is asked first, and the hashes that they are of. */
  const fetches = new Map<string, Promise<void>>();

  async function write(sidecar: readonly SidecarBlob[]): Promise<void> {
    const bytes = sidecar.reduce((sum, x) => sum + encodeRecord(x).length, 0);
    await disk.look();
    disk.check(bytes);
    const release = disk.take(bytes);
    try {
      for (const blob of sidecar) {
        await store.write(versionedHashOf(blob.commitment), blob);
        kept();
      }
    } finally {
      release();
    }
  }

  function verify(sidecar: readonly SidecarBlob[]): Promise<boolean> {
    const proofs = sidecar.flatMap((x) => x.proofs);
    return worker.verifyBlobs(
      sidecar.map(({ blob }) => blob),
      sidecar.map(({ commitment }) => commitment),
      proofs,
    );
  }

  /** With the proofs of the fork, which geth's RPC makes as well where a client sends those of before. */
  async function converted(x: SidecarBlob): Promise<SidecarBlob> {
    return x.proofs.length === options.proofs ? x : { ...x, proofs: (await worker.makeCells(x.blob)).proofs };
  }

  async function missing(hashes: readonly Hash[], here: (hash: Hash) => Promise<boolean>): Promise<Hash[]> {
    const left: Hash[] = [];
    for (const hash of hashes) if (!(await here(hash))) left.push(hash);
    return left;
  }

  /** Those of the wanted that a peer gives as they should be. */
  async function ask(peer: string, hashes: readonly Hash[]): Promise<SidecarBlob[]> {
    const wanted = new Set(hashes.map(toHex));
    const good: SidecarBlob[] = [];
    try {
      await withTimeout(clock, options.fetchTimeoutMs, stopping.signal, async (signal) => {
        for await (const blob of askPeer(network, peer, SIDECARS, { hashes: [...hashes] }, signal)) {
          if (!wanted.delete(toHex(versionedHashOf(blob.commitment))) || blob.proofs.length !== options.proofs || !(await verify([blob])))
            throw daError("DA_OBJECT_INVALID", "a blob that was not asked for, or with wrong proofs");
          good.push(blob);
        }
      });
    } catch (error) {
      if (stopping.signal.aborted) throw daError("DA_UNAVAILABLE", "the node stops");
      logger.log("debug", "a peer did not give the blobs of a transaction", { peer, error: String(error) });
    }
    return good;
  }

  async function fetchAll(hashes: readonly Hash[], first: string | undefined): Promise<void> {
    let left = await missing(hashes, store.renew);
    const others = network.peers().map(({ id }) => id);
    for (const peer of first === undefined ? others : [first, ...others.filter((id) => id !== first)]) {
      if (left.length === 0) return;
      const blobs = await ask(peer, left);
      await write(blobs);
      for (const _ of blobs) fetched();
      left = await missing(left, store.holds);
    }
    if (left.length > 0)
      throw daError("DA_UNAVAILABLE", `the blob ${to0x(left[0] as Hash)} of a transaction is held neither here nor by a connected peer`, {
        hashes: left.map(to0x),
      });
  }

  /** Of those that fetch from this peer first, or from nobody in particular. */
  function fetchGate(first = ""): ReturnType<typeof createGate> {
    const own = fetchGates.get(first) ?? createGate(1);
    fetchGates.set(first, own);
    return own;
  }

  return {
    retentionSeconds: options.retentionSeconds,
    start() {
      servePeers(deps, SIDECARS, async function* (_from, { hashes }) {
        for (const hash of hashes) {
          const blob = await store.read(hash);
          if (blob !== undefined) yield blob;
        }
      });
    },
    stop: () => stopping.abort(new Error("sidecars stop")),
    expire: store.expire,
    read: store.read,
    holds: async (hashes) => (await missing(hashes, store.holds)).length === 0,
    keep: (sidecar) =>
      gate(async () => {
        if (!(await verify(sidecar))) return false;
        await write(await Promise.all(sidecar.map(converted)));
        return true;
      }),
    async obtain(hashes, first) {
      if ((await missing(hashes, store.renew)).length === 0) return; // who has them waits for nobody's fetch
      const key = [first, ...hashes.map(toHex)].join();
      const parts = Array.from({ length: Math.ceil(hashes.length / MAX_HASHES) }, (_, i) =>
        hashes.slice(i * MAX_HASHES, (i + 1) * MAX_HASHES),
      );
      const running =
        fetches.get(key) ??
        fetchGate(first)(async () => {
          for (const part of parts) await fetchAll(part, first);
        }).finally(() => fetches.delete(key));
      fetches.set(key, running);
      await running;
    },
  };
}
