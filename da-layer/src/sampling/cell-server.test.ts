import { beforeAll, expect, it } from "vitest";
import { systematicCombination } from "../blob/code-points.ts";
import { ROW_BYTES, ROW_PAYLOAD } from "../blob/elements.ts";
import type { Kzg } from "../blob/kzg.ts";
import { importPoint, loadMsm, multiScalar } from "../blob/msm.ts";
import { cellsRequestType, METHODS } from "../blob/wire.ts";
import { testPayload } from "../testing/blob.ts";
import { type BlobLanes, createBlobLanes, publishUntilCertified } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { decodeProvenCells, PROVEN_CELL_BYTES } from "./cells.ts";

const never = new AbortController().signal;
let kzg: Kzg;
let lanes: BlobLanes;
let id: Uint8Array;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
  lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n]);
  for (let i = 0; i < 4; i++) await lanes.start(i);
  ({ id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, testPayload(ROW_PAYLOAD + 5000)))); // R = 2, N = 8
  await lanes.clock.advanceAsync(100);
});

const ask = (node: number, slot: number, indices: number[], of = id) =>
  lanes.until(lanes.nodes[node]!.lane.sampling.cells("a tab", of, slot, indices, never));

it("every node answers for every slot, its own or through the holder, with cells that verify against the slot's commitment", async () => {
  const { object, cert, holders } = (await lanes.until(lanes.nodes[1]!.lane.sampling.sampled(id, never)))!;
  expect(cert?.header.id).toEqual(id);
  expect([...new Set(holders)].sort()).toEqual([0, 1, 2, 3]);
  await loadMsm();
  const points = object.commitments.map(importPoint);
  for (let slot = 0; slot < 8; slot++) {
    const indices = [slot, 64 + slot];
    const cells = await ask(1, slot, indices);
    expect(cells.map((x) => x.length)).toEqual([PROVEN_CELL_BYTES, PROVEN_CELL_BYTES]);
    const proven = cells.map((x) => decodeProvenCells(x, 1)[0]!);
    const commitment = multiScalar(points, systematicCombination(slot, 2));
    const verify = (at: number[]) =>
      kzg.verifyCells(
        [commitment, commitment],
        at,
        proven.map((x) => x.cell),
        proven.map((x) => x.proof),
      );
    expect(await verify(indices)).toBe(true);
    expect(await verify([slot, 65 + slot])).toBe(false);
  }
});

it("refuses places that are none, unknown objects, and rows whose holder is gone, each by its code", async () => {
  await expect(ask(1, 8, [0])).rejects.toMatchObject({ code: "DA_CELL_PLACE_INVALID" });
  await expect(ask(1, 0, [1, 0])).rejects.toMatchObject({ code: "DA_CELL_PLACE_INVALID" });
  await expect(ask(1, 0, [0], new Uint8Array(32))).rejects.toMatchObject({ code: "DA_NOT_FOUND" });
  const { holders } = (await lanes.until(lanes.nodes[1]!.lane.sampling.sampled(id, never)))!;
  const slot = holders!.findIndex((holder) => holder !== 1);
  lanes.net.partition([["v1"]]);
  await expect(ask(1, slot, [0])).rejects.toMatchObject({ code: "DA_ROW_NOT_HELD" });
  lanes.net.heal();
  await lanes.clock.advanceAsync(100);
});

it("says busy of a holder that is silent, so that who asks does so again", async () => {
  const { holders } = (await lanes.until(lanes.nodes[1]!.lane.sampling.sampled(id, never)))!;
  const slot = holders!.indexOf(2);
  const { network } = lanes.nodes[2]!;
  network.serve(METHODS.cells.name, async function* (_from, _body, signal) {
    await new Promise<void>((done) => signal.addEventListener("abort", () => done(), { once: true }));
  });
  await expect(ask(1, slot, [100])).rejects.toMatchObject({ code: "DA_CELLS_BUSY" });
});

it("a peer's question is checked before anything is made, and a node that holds nothing asks nobody for a peer", async () => {
  const peer = lanes.net.join("stranger");
  await lanes.clock.advanceAsync(100);
  const question = async (slot: number, cells: number[], of = id) => {
    const body = cellsRequestType.serialize({ id: of, slot, cells });
    const chunks: Uint8Array[] = [];
    for await (const chunk of peer.request("v0", METHODS.cells.name, body, 16 * PROVEN_CELL_BYTES, never)) chunks.push(chunk);
    return chunks;
  };
  await expect(lanes.until(question(0, [3, 3]))).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  await expect(lanes.until(question(0, [3], new Uint8Array(32)))).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  const { holders } = (await lanes.until(lanes.nodes[0]!.lane.sampling.sampled(id, never)))!;
  await expect(
    lanes.until(
      question(
        holders!.findIndex((holder) => holder !== 0),
        [3],
      ),
    ),
  ).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  expect(await lanes.until(question(holders!.indexOf(0), [3, 7]))).toHaveLength(2);
  expect(ROW_BYTES).toBeGreaterThan(16 * PROVEN_CELL_BYTES); // an answer is smaller than the row
});
