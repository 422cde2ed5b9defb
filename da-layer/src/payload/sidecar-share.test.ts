import type { Hash } from "@noema/core/ports/bytes";
import { expect, it } from "vitest";
import { daError } from "../errors.ts";
import { createTestLanes, tx } from "../testing/lanes.ts";
import { createSidecarShare } from "./sidecar-share.ts";

/** Of a transaction that begins as one of blobs does. */
const hashesOf = (txs: readonly Uint8Array[]): Hash[] => txs.filter((raw) => raw[1] === 3).map((raw) => raw.slice(0, 32));

function blobTx(n: number): Uint8Array {
  const raw = tx(n);
  raw[1] = 3;
  return raw;
}

it("a batch of blobs is certified by those who hold them, and by nobody else", async () => {
  const lanes = createTestLanes([1n, 1n, 1n, 1n]);
  const asked: (string | undefined)[][] = [[], [], [], []];
  const holders = new Set([0, 1]);
  for (let i = 0; i < 4; i++)
    lanes.start(i, undefined, undefined, {
      sidecars: {
        hashesOf,
        async obtain(_hashes, first) {
          asked[i]?.push(first);
          if (!holders.has(i)) throw new Error("nobody gives it");
        },
      },
    });
  await lanes.clock.advanceAsync(100);
  lanes.nodes[0]!.source.add(blobTx(1));
  await lanes.clock.advanceAsync(500);
  for (const { lane } of lanes.nodes) expect(lane.available(10)).toEqual([]);
  expect(asked).toEqual([[undefined, undefined], ["v0"], ["v0"], ["v0"]]); // the publisher before it takes the batch and before it signs
  holders.add(2);
  await lanes.clock.advanceAsync(1_500); // the publisher sends it again to those who have not signed
  for (const { lane } of lanes.nodes) expect(lane.available(10)).toHaveLength(1);
  expect(asked[3]?.length).toBeGreaterThan(1);
});

it("a transaction whose blobs nobody gives leaves, and holds nothing up", async () => {
  const lanes = createTestLanes([1n]);
  const obtain = async (hashes: readonly Hash[]) => {
    throw daError("DA_UNAVAILABLE", "nobody has it", { hashes });
  };
  const { lane, source } = lanes.start(0, undefined, undefined, { sidecars: { hashesOf, obtain } });
  source.add(blobTx(1), tx(2));
  await lanes.clock.advanceAsync(500);
  expect([source.discarded, source.given]).toEqual([[blobTx(1)], [blobTx(1), tx(2)]]);
  source.add(tx(2));
  await lanes.clock.advanceAsync(500);
  expect(lane.available(10)).toHaveLength(1);
});

it("a batch without any asks for none", async () => {
  const lanes = createTestLanes([1n, 1n, 1n, 1n]);
  const obtain = () => Promise.reject(new Error("asked"));
  for (let i = 0; i < 4; i++) lanes.start(i, undefined, undefined, { sidecars: { hashesOf, obtain } });
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(500);
  expect(lanes.nodes[3]!.lane.available(10)).toHaveLength(1);
});

it("a publisher has twice its share of a block's blob bytes, over 64 heights", () => {
  const { set } = createTestLanes([1n, 1n, 1n, 1n]);
  const share = createSidecarShare(131_072, { hashesOf, obtain: async () => {} });
  const charge = (blobs: number) =>
    share.charge(
      set,
      0,
      Array.from({ length: blobs }, (_, i) => blobTx(i)),
      10,
    );
  expect([charge(30), charge(2), charge(1), charge(0)]).toEqual([true, true, false, true]);
});
