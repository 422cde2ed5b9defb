/**
 * Finalized blocks with their certificates. One atomic, durable write appends consecutive blocks and moves the tip, before
 * execution is told of them; the tip never moves back.
 */
import { equalBytes, readU64be, u64be } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot, KvStore } from "@noema/core/ports/kv-store";
import { shortHashOp, underShortHash } from "@noema/core/short-hash";
import type { FinalizedBlock } from "../engine/events.ts";
import type { Beacon } from "../engine/seed.ts";
import { consensusError } from "../errors.ts";
import { onDisk } from "../on-disk.ts";
import type { Block, Boundary, Cert } from "../types.ts";
import { DROP_STEP, dropOps } from "./pruning.ts";
import { packSeeds, type Seeds, unpackSeeds } from "./seeds.ts";
import { encodedBlockOf, hashOf, mixOf, packBlock, unpackBlock } from "./stored-block.ts";
import { packCert, unpackCert } from "./stored-cert.ts";
import { FORMAT, FORMAT_KEY, OLDEST, TABLES, TIP } from "./tables.ts";

const NOTHING = new Uint8Array(0);

export type StoredBlock = Omit<FinalizedBlock, "prevRandao"> & { notarization?: Cert };

export interface ChainStore {
  /** Height of the newest block; 0 when there is none but genesis. */
  tip(): Height;
  /** From which height on all blocks are kept; below it genesis and the last of each epoch are. */
  oldest(): Height;
  /** Keeps the genesis block as block 0: what it is made of need not be known for ever. */
  putGenesis(block: Block): Promise<void>;
  /**
   * Consecutive blocks; those at or below the tip are left as they are. What is below `keepFrom` goes, a few heights for each that comes.
   * Resolves when durable. Throws CONSENSUS_STORE_CORRUPT on a gap.
   */
  append(blocks: readonly StoredBlock[], keepFrom?: Height): Promise<void>;
  block(height: Height): Block | undefined;
  /** Its SSZ, as it is stored. */
  encodedBlock(height: Height): Bytes | undefined;
  heightOf(hash: Hash): Height | undefined;
  beacon(height: Height): Beacon | undefined;
  /** N only where there is no F. */
  certificates(height: Height): { finalization?: Cert; notarization?: Cert };
  /** The first F over a block at or above `height`. */
  finalizedFrom(height: Height): { height: Height; cert: Cert } | undefined;
  /** The last F over a block at or below `height`. */
  finalizedUpTo(height: Height): { height: Height; cert: Cert } | undefined;
  /** Last block of an epoch and its F. */
  boundary(epoch: number): Boundary | undefined;
}

/** @param isBoundary whether a height is the last of its epoch. Throws CONSENSUS_STORE_FORMAT. */
export function createChainStore(kv: KvStore, isBoundary: (height: Height) => boolean): ChainStore {
  const read = createReader(kv);
  let tip = read.height(TABLES.meta, TIP) ?? 0;
  let oldest = read.height(TABLES.meta, OLDEST) ?? 1;
  const format = read.height(TABLES.meta, FORMAT_KEY);
  if (format !== FORMAT && (format !== undefined || !read.isEmpty()))
    throw consensusError(
      "CONSENSUS_STORE_FORMAT",
      `the chain store has format ${format ?? 1}, this version reads and writes format ${FORMAT}`,
      {
        format: format ?? 1,
      },
    );
  const formatOp: KvOp = { table: TABLES.meta, key: FORMAT_KEY, value: u64be(FORMAT) };
  let seeds = read.seeds(tip);
  /** The last one appended: everybody asks for it next. */
  let newest: Block | undefined;

  async function append(blocks: readonly StoredBlock[], keepFrom = 0): Promise<void> {
    const fresh = blocks.filter((b) => b.block.header.height > tip);
    if (fresh.length === 0) return;
    for (const [i, { block }] of fresh.entries()) {
      if (block.header.height !== tip + 1 + i)
        throw consensusError("CONSENSUS_STORE_CORRUPT", `block of height ${block.header.height} after ${tip + i}`);
    }
    const ops: KvOp[] = [];
    let last = seeds;
    for (const b of fresh) {
      const { height } = b.block.header;
      ops.push(...blockOps(b, isBoundary(height)));
      if (last !== undefined && sameSeeds(last, b.beacon)) continue;
      last = { ...b.beacon, from: height };
      ops.push({ table: TABLES.seeds, key: u64be(height), value: packSeeds(last) });
    }
    const end = Math.min(keepFrom, tip + 1, oldest + DROP_STEP * fresh.length);
    if (end > oldest)
      ops.push(
        ...(read.within(
          (s) => s,
          (s) => dropOps(s, oldest, end, isBoundary),
        ) ?? []),
      );
    const moved: KvOp = { table: TABLES.meta, key: TIP, value: u64be(tip + fresh.length) };
    await onDisk(() => kv.write([...ops, moved, ...(tip === 0 ? [formatOp] : [])], true));
    tip += fresh.length;
    oldest = Math.max(oldest, end);
    seeds = last;
    newest = fresh.at(-1)?.block;
  }

  const finalization = (height: Height | undefined) => {
    const cert = height === undefined ? undefined : read.cert("finalize", height);
    return cert && { height: height as Height, cert };
  };
  return {
    tip: () => tip,
    oldest: () => oldest,
    putGenesis: (block) => onDisk(() => kv.write([{ table: TABLES.blocks, key: u64be(0), value: packBlock(block) }, formatOp], true)),
    append,
    block: (height) => (newest?.header.height === height ? newest : read.block(height)),
    encodedBlock: (height) => read.stored(height, encodedBlockOf),
    heightOf: read.heightOf,
    beacon(height) {
      const mix = read.stored(height, mixOf);
      const found = seeds !== undefined && seeds.from <= height ? seeds : read.seeds(height); // mostly those of now are asked for
      return mix && found && { mix, seed: found.seed, nextSeed: found.nextSeed };
    },
    certificates: (height) => ({ finalization: read.cert("finalize", height), notarization: read.cert("notarize", height) }),
    finalizedFrom: (height) => finalization(read.firstKey(TABLES.finalizations, height, tip, false)),
    finalizedUpTo: (height) => finalization(read.firstKey(TABLES.finalizations, 0, height, true)),
    boundary: (epoch) => {
      const height = read.height(TABLES.boundaries, u64be(epoch));
      const block = height === undefined ? undefined : read.block(height);
      const found = finalization(height);
      return block && found && { block, cert: found.cert };
    },
  };
}

function createReader(kv: KvStore) {
  function within<T, R>(read: (snapshot: KvSnapshot) => T | undefined, then: (value: T) => R): R | undefined {
    const snapshot = onDisk(() => kv.snapshot());
    try {
      const value = onDisk(() => read(snapshot));
      return value === undefined ? undefined : then(value);
    } finally {
      snapshot.close();
    }
  }
  const get = <R>(table: string, key: Bytes, then: (value: Bytes) => R) => within((s) => s.get(table, key)?.slice(), then);
  const stored = <R>(height: Height, then: (value: Bytes) => R) => get(TABLES.blocks, u64be(height), then);
  const certTables = { finalize: TABLES.finalizations, notarize: TABLES.notarizations };
  return {
    within,
    stored,
    isEmpty: () =>
      within(
        (s) => [...s.range(TABLES.blocks, u64be(0), u64be(2 ** 52), 1)][0],
        () => true,
      ) === undefined,
    height: (table: string, key: Bytes) => get(table, key, (value) => readU64be(value)),
    heightOf(hash: Hash) {
      const has = (s: KvSnapshot, key: Bytes) => equalBytes(hashOf(s.get(TABLES.blocks, key) ?? NOTHING), hash);
      return within(
        (s) => [...underShortHash(s, TABLES.heights, hash)].find((key) => has(s, key)),
        (key) => readU64be(key),
      );
    },
    block: (height: Height) => stored(height, unpackBlock),
    cert(kind: keyof typeof certTables, height: Height) {
      const hash = stored(height, hashOf);
      return hash && get(certTables[kind], u64be(height), (value) => unpackCert(value, kind, hash));
    },
    /** After the block of that height. */
    seeds: (height: Height) =>
      within(
        (s) => [...s.range(TABLES.seeds, u64be(0), u64be(height + 1), 1, true)][0],
        ([key, value]) => ({ ...unpackSeeds(value), from: readU64be(key) }),
      ),
    /** Smallest (or, in reverse, largest) height from .. to, both included, that the table holds. */
    firstKey: (table: string, from: Height, to: Height, reverse: boolean) =>
      within(
        (s) => [...s.range(table, u64be(from), u64be(to + 1), 1, reverse)][0],
        ([key]) => readU64be(key),
      ),
  };
}

function blockOps({ block, cert, notarization, beacon }: StoredBlock, boundary: boolean): KvOp[] {
  const key = u64be(block.header.height);
  const ops: KvOp[] = [{ table: TABLES.blocks, key, value: packBlock(block, beacon.mix) }, shortHashOp(TABLES.heights, block.hash, key)];
  if (cert !== undefined) ops.push({ table: TABLES.finalizations, key, value: packCert(cert) });
  else if (notarization !== undefined) ops.push({ table: TABLES.notarizations, key, value: packCert(notarization) });
  if (boundary) ops.push({ table: TABLES.boundaries, key: u64be(block.header.epoch), value: key });
  return ops;
}

function sameSeeds(a: Seeds, b: Seeds): boolean {
  return equalBytes(a.seed, b.seed) && equalBytes(a.nextSeed, b.nextSeed);
}
