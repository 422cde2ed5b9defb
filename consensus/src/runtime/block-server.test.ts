import { ZERO_HASH } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { expect, test } from "vitest";
import { createChainStore } from "../store/chain-store.ts";
import { type Block, LIMITS } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { headerHash, toBlock } from "../wire/body.ts";
import { block as sample } from "../wire/testing/samples.ts";
import { createBlockServer } from "./block-server.ts";

const [FINAL, ALL] = [300, 304];
const beacon = { mix: ZERO_HASH, seed: ZERO_HASH, nextSeed: ZERO_HASH };

function chain(): Block[] {
  const blocks: Block[] = [];
  for (let height = 1; height <= ALL; height++) {
    const header = { ...sample.header, height, parentHash: blocks.at(-1)?.hash ?? ZERO_HASH };
    blocks.push({ ...sample, header, hash: headerHash(header) });
  }
  return blocks;
}

const blocks = chain();
const store = createChainStore(createMemoryStore(), () => false);
await store.append(blocks.slice(0, FINAL).map((block) => ({ block, beacon })));
const recent = (hash: Hash) => blocks.slice(FINAL).find((x) => Buffer.compare(x.hash, hash) === 0);
const server = createBlockServer(store, recent);
const hashAt = (height: number) => (blocks[height - 1] as Block).hash;

test.each([
  { from: ALL, count: 3, above: 0, heights: [304, 303, 302] },
  { from: ALL, count: 6, above: 0, heights: [304, 303, 302, 301, 300, 299] },
  { from: FINAL, count: 2, above: 0, heights: [300, 299] },
  { from: 5, count: 100, above: 2, heights: [5, 4, 3] },
  { from: ALL, count: 100, above: 302, heights: [304, 303] },
  { from: 3, count: 0, above: 0, heights: [] },
  { from: 3, count: 9, above: 3, heights: [] },
])("$count from $from, above $above: the same blocks as values and as they are stored", ({ from, count, above, heights }) => {
  const request = { hash: hashAt(from), count, above };
  const found = [...server.blocks(request)];
  expect(found.map((x) => x.header.height)).toEqual(heights);
  expect([...server.encodedBlocks(request)]).toEqual(found.map((block) => blockType.serialize(toBlock(block))));
});

test("no more than an answer may have, nothing of what is not here", () => {
  expect([...server.encodedBlocks({ hash: hashAt(ALL), count: 60_000, above: 0 })]).toHaveLength(LIMITS.blocks);
  expect([...server.encodedBlocks({ hash: ZERO_HASH, count: 5, above: 0 })]).toEqual([]);
});

test("who lacks what was let go here is told so, and everybody else gets what there is", async () => {
  const pruned = createChainStore(createMemoryStore(), (height) => height === 100);
  await pruned.append(blocks.slice(0, 250).map((block) => ({ block, beacon })));
  await pruned.append(blocks.slice(250, FINAL).map((block) => ({ block, beacon })), 150); // biome-ignore format: one line
  const { encodedBlocks } = createBlockServer(pruned, recent);
  const ask = (from: number, above: number) => [...encodedBlocks({ hash: hashAt(from), count: 9, above })].length;
  expect([ask(ALL, 290), ask(152, 50), ask(100, 50), ask(150, 149)]).toEqual([9, 3, 1, 1]);
  const told = expect.objectContaining({ code: "CONSENSUS_PRUNED" });
  for (const [from, above] of [[99, 50], [149, 148], [20, 0]] as const) expect(() => ask(from, above)).toThrow(told); // biome-ignore format: one line
  expect([ask(99, 149), [...encodedBlocks({ hash: hashAt(99), count: 0, above: 0 })].length]).toEqual([0, 0]);
});
