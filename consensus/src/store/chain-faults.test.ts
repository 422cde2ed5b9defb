import { ZERO_HASH } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { expect, test } from "vitest";
import type { Block, Cert } from "../types.ts";
import { headerHash } from "../wire/body.ts";
import { block as sample } from "../wire/testing/samples.ts";
import { chainFaults } from "./chain-faults.ts";
import { type ChainStore, createChainStore } from "./chain-store.ts";
import { TABLES } from "./tables.ts";

const beacon = { mix: ZERO_HASH, seed: ZERO_HASH, nextSeed: ZERO_HASH };
const cert = (hash: Bytes): Cert => ({
  kind: "finalize",
  epoch: 0,
  view: 1,
  hash,
  bitmap: Uint8Array.of(7),
  signature: new Uint8Array(96),
});

async function chain(count: number) {
  const kv = createMemoryStore();
  const blocks: Block[] = [];
  for (let height = 1; height <= count; height++) {
    const header = { ...sample.header, height, parentHash: blocks.at(-1)?.hash ?? ZERO_HASH };
    blocks.push({ ...sample, header, hash: headerHash(header) });
  }
  await createChainStore(kv, () => false).append(blocks.map((block) => ({ block, beacon, cert: cert(block.hash) })));
  return kv;
}

const isSame = (read: ChainStore["encodedBlock"], whole: Bytes) => {
  try {
    return Buffer.compare(read(3) ?? new Uint8Array(0), whole) === 0;
  } catch {
    return false;
  }
};
const faultsOf = (kv: Awaited<ReturnType<typeof chain>>) =>
  [...chainFaults(createChainStore(kv, () => false))].flatMap(({ wrong }) => wrong ?? []);

test("nothing is wrong with a whole chain; a block that is gone, another's or has another bit is found", async () => {
  const kv = await chain(6);
  expect(faultsOf(kv)).toEqual([]);
  const snapshot = kv.snapshot();
  const rows = [...snapshot.range(TABLES.blocks, new Uint8Array(1), new Uint8Array(9).fill(255), 99)].map(
    ([k, v]) => [k.slice(), v.slice()] as const,
  );
  snapshot.close();
  expect(rows).toHaveLength(6);
  const [key, value] = rows[2] as (typeof rows)[number];
  const whole = createChainStore(kv, () => false).encodedBlock(3) as Bytes;
  for (let at = 0; at < value.length; at += 5) {
    if (at >= 32 && at < 64) continue; // the beacon's mix, which follows from the blocks and is not judged here
    const other = value.slice();
    other[at]! ^= 1;
    await kv.write([{ table: TABLES.blocks, key, value: other }], true);
    if (at >= 64 && isSame(createChainStore(kv, () => false).encodedBlock, whole)) continue; // of DEFLATE's last byte some bits say nothing
    expect(faultsOf(kv), `byte ${at}`).not.toEqual([]);
  }
  await kv.write([{ table: TABLES.blocks, key, value: null }], true);
  expect(faultsOf(kv)).toContain("block 3 is missing");
  await kv.write([{ table: TABLES.blocks, key, value: rows[3]?.[1] as Bytes }], true);
  expect(faultsOf(kv)).toContain("block 4 is filed as 3");
});
