import { u64be, u64le, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { expect, test } from "vitest";
import type { Cert } from "../types.ts";
import { headerHash } from "../wire/body.ts";
import { block as sample } from "../wire/testing/samples.ts";
import { createChainStore, type StoredBlock } from "./chain-store.ts";
import { DROP_STEP } from "./pruning.ts";
import { FORMAT_KEY, TABLES } from "./tables.ts";

const seedOf = (epoch: number) => sha256(u64le(1000 + epoch));
/** The seeds change after the last block of an epoch, as an engine's do. */
function beacon(height: number) {
  const epoch = Math.floor(height / 4);
  return { mix: sha256(u64le(height)), seed: seedOf(epoch), nextSeed: seedOf(epoch + 1) };
}
const isBoundary = (height: number) => height % 4 === 0;

function stored(height: number, certified = true): StoredBlock {
  const header = { ...sample.header, height, epoch: Math.floor((height - 1) / 4) };
  const block = { ...sample, header, hash: headerHash(header) };
  const of = (kind: Cert["kind"]): Cert => ({
    kind,
    epoch: header.epoch,
    view: height,
    hash: block.hash,
    bitmap: Uint8Array.of(7),
    signature: new Uint8Array(96),
  });
  return { block, beacon: beacon(height), notarization: of("notarize"), ...(certified && { cert: of("finalize") }) };
}

test("blocks, certificates, beacons and boundaries are there after a restart", async () => {
  const kv = createMemoryStore();
  const blocks = [1, 2, 3, 4, 5].map((height) => stored(height, height !== 2));
  await createChainStore(kv, isBoundary).append(blocks);
  const store = createChainStore(kv, isBoundary);
  expect(store.tip()).toBe(5);
  for (const { block, cert, notarization, beacon } of blocks) {
    const { height } = block.header;
    expect(store.block(height)).toEqual(block);
    expect(store.heightOf(block.hash)).toBe(height);
    expect(store.beacon(height)).toEqual(beacon);
    expect(store.certificates(height)).toEqual({ finalization: cert, notarization: cert === undefined ? notarization : undefined });
  }
  expect(store.finalizedFrom(2)).toMatchObject({ height: 3 });
  expect(store.finalizedUpTo(2)).toMatchObject({ height: 1 });
  expect(store.boundary(0)).toEqual({ block: blocks[3]?.block, cert: blocks[3]?.cert });
  expect(store.boundary(1)).toBeUndefined();
});

test("nothing is known of what is not stored", () => {
  const store = createChainStore(createMemoryStore(), isBoundary);
  expect(store.tip()).toBe(0);
  expect(store.block(1)).toBeUndefined();
  expect(store.heightOf(ZERO_HASH)).toBeUndefined();
  expect(store.finalizedFrom(0)).toBeUndefined();
});

test("the tip never moves back, and a gap is refused", async () => {
  const store = createChainStore(createMemoryStore(), isBoundary);
  await store.append([stored(1), stored(2)]);
  const first = store.block(1);
  await store.append([{ ...stored(1), beacon: beacon(99) }]);
  expect(store.block(1)).toEqual(first);
  expect(store.beacon(1)).toEqual(beacon(1));
  await expect(store.append([stored(4)])).rejects.toMatchObject({ code: "CONSENSUS_STORE_CORRUPT" });
  expect(store.tip()).toBe(2);
});

test("a store of another format is refused by name, and left as it is", async () => {
  const kv = createMemoryStore();
  await createChainStore(kv, isBoundary).append([stored(1)]);
  for (const [value, format] of [
    [null, 1],
    [u64be(2), 2],
    [u64be(4), 4],
  ] as const) {
    await kv.write([{ table: TABLES.meta, key: FORMAT_KEY, value }], true);
    expect(() => createChainStore(kv, isBoundary)).toThrow(expect.objectContaining({ code: "CONSENSUS_STORE_FORMAT", data: { format } }));
  }
  await kv.write([{ table: TABLES.meta, key: FORMAT_KEY, value: u64be(3) }], true);
  expect(createChainStore(kv, isBoundary).tip()).toBe(1);
});

test("blocks below the height to keep go, a few for each that comes, but for genesis and what ends an epoch", async () => {
  const kv = createMemoryStore();
  const store = createChainStore(kv, isBoundary);
  await store.putGenesis(sample);
  const blocks = Array.from({ length: 20 }, (_, i) => stored(i + 1));
  await store.append(blocks);
  expect(store.oldest()).toBe(1);
  for (let height = 21; height <= 23; height++) await store.append([stored(height)], 14);
  const again = createChainStore(kv, isBoundary);
  for (const { oldest, block, heightOf, certificates, boundary, finalizedFrom } of [store, again]) {
    expect(oldest()).toBe(1 + 3 * DROP_STEP);
    const held = Array.from({ length: 24 }, (_, height) => height).filter((height) => block(height) !== undefined);
    expect(held).toEqual([0, 4, 8, 12, ...Array.from({ length: 11 }, (_, i) => 13 + i)]);
    expect(heightOf((blocks[4] as StoredBlock).block.hash)).toBeUndefined();
    expect([certificates(5), certificates(8).finalization]).toEqual([{}, blocks[7]?.cert]);
    expect([boundary(0), boundary(1)].map((x) => x?.block)).toEqual([blocks[3]?.block, blocks[7]?.block]);
    expect(finalizedFrom(5)?.height).toBe(8);
  }
  await again.append([stored(24)], 99); // never what has just come
  await again.append([stored(25)], 99);
  for (let height = 26; height < 40; height++) await again.append([stored(height)], 99);
  expect(again.oldest()).toBe(39);
  const rows = kv.snapshot();
  expect([...rows.range(TABLES.heights, new Uint8Array(1), new Uint8Array(17).fill(255), 99)]).toHaveLength(1 + 9);
  rows.close();
});
