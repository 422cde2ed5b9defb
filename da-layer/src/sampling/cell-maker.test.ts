import { nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import type { CellsOfRow } from "../blob/kzg.ts";
import { createCellMaker } from "./cell-maker.ts";
import { CELL_BYTES, CELLS, checkCellPlaces, decodeProvenCells, encodeProvenCell, PROOF_BYTES } from "./cells.ts";

const ID = new Uint8Array(32).fill(7);

/** A maker whose rows are cut when the test says so. */
function makerByHand() {
  const pending: (() => void)[] = [];
  const made: number[] = [];
  let atOnce = 0;
  let most = 0;
  const maker = createCellMaker({
    clock: createSimClock(),
    metrics: nullMetrics,
    row: async (_, slot) => (slot < 100 ? Uint8Array.of(slot) : undefined),
    async makeCells(row): Promise<CellsOfRow> {
      made.push(row[0]!);
      most = Math.max(most, ++atOnce);
      await new Promise<void>((done) => pending.push(done));
      atOnce--;
      const of = (bytes: number) => Array.from({ length: CELLS }, (_, i) => new Uint8Array(bytes).fill(row[0]! ^ i));
      return { cells: of(CELL_BYTES), proofs: of(PROOF_BYTES) };
    },
  });
  return {
    maker,
    made,
    most: () => most,
    /** Until nothing is left to cut. */
    async finish() {
      for (let idle = 0; idle < 20; idle++) {
        await Promise.resolve();
        if (pending.length > 0) idle = 0;
        pending.shift()?.();
      }
    },
  };
}

it("cuts one row at a time, once for all who ask, and gives the cells that were asked for in their order", async () => {
  const { maker, made, most, finish } = makerByHand();
  const answers = [maker.cells("a", ID, 3, [1, 5]), maker.cells("b", ID, 3, [127]), maker.cells("b", ID, 4, [0])];
  await finish();
  const [[one, five], [last]] = (await Promise.all(answers)) as [Uint8Array[], Uint8Array[], unknown];
  expect([one![0], five![0], last![0]]).toEqual([3 ^ 1, 3 ^ 5, 3 ^ 127]);
  expect(made).toEqual([3, 4]);
  expect(most()).toBe(1);
  await maker.cells("c", ID, 3, [9]); // kept
  expect(made).toEqual([3, 4]);
});

it("refuses above an asker's share while others are served, above its bound, and what is not held", async () => {
  const { maker, finish } = makerByHand();
  const ask = (asker: string, slot: number) =>
    maker.cells(asker, ID, slot, [0]).then(
      () => "cut",
      (error) => error.code,
    );
  const greedy = Array.from({ length: 10 }, (_, i) => ask("greedy", i)); // one in work, eight wait
  const modest = ask("modest", 50);
  await finish();
  expect(await Promise.all(greedy)).toEqual([...new Array(9).fill("cut"), "DA_CELLS_BUSY"]);
  expect(await modest).toBe("cut");
  const crowd = Array.from({ length: 34 }, (_, i) => ask(`asker ${i}`, 60 + i));
  await finish();
  expect((await Promise.all(crowd)).filter((x) => x === "DA_CELLS_BUSY")).toHaveLength(1);
  const absent = ask("modest", 100);
  await finish();
  expect(await absent).toBe("DA_ROW_NOT_HELD");
});

it.each([
  ["a slot that is none", 8, [0]],
  ["a slot that is no number", Number.NaN, [0]],
  ["no cell", 0, []],
  ["too many cells", 0, Array.from({ length: 17 }, (_, i) => i)],
  ["a cell that is none", 0, [3, 128]],
  ["a negative one", 0, [-1]],
  ["half a cell", 0, [0.5]],
  ["a cell twice", 0, [4, 4]],
  ["cells out of order", 0, [5, 4]],
])("%s is refused", (_, slot, indices) => {
  expect(() => checkCellPlaces(slot, indices, 8)).toThrow(expect.objectContaining({ code: "DA_CELL_PLACE_INVALID" }));
});

it("decodes what it encodes, and no other length", () => {
  const cell = { cell: new Uint8Array(CELL_BYTES).fill(1), proof: new Uint8Array(PROOF_BYTES).fill(2) };
  const bytes = encodeProvenCell(cell);
  expect(decodeProvenCells(bytes, 1)).toEqual([cell]);
  expect(() => checkCellPlaces(7, [0, 127], 8)).not.toThrow();
  for (const wrong of [bytes.subarray(1), new Uint8Array(0), Buffer.concat([bytes, bytes])])
    expect(() => decodeProvenCells(wrong, 1)).toThrow(expect.objectContaining({ code: "DA_FRAME_INVALID" }));
});
