import { expect, it } from "vitest";
import { newFile, type ObjectState } from "./src/data/file-state.ts";
import { layoutOf, parseRuns, rowsText } from "./src/data/layout.ts";
import { markOf, seenText } from "./src/data/marks.ts";

const [object] = newFile({ name: "a", bytes: 1, contentType: "a/b", objectBytes: 9 }).objects as [ObjectState, ...ObjectState[]];
const layout = layoutOf({
  rows: "0x8",
  needed: "0x2",
  certified: true,
  height: null,
  holders: [
    { validator: 2, from: "0x0", to: "0x3", signed: true, reachable: true },
    { validator: 0, from: "0x3", to: "0x4", signed: false, reachable: true },
    { validator: 1, from: "0x4", to: "0x8", signed: true, reachable: false },
  ],
});

it("orders holders by validator and says which rows each has", () => {
  expect(layout.blocks.map((x) => x.validator)).toEqual([0, 1, 2]);
  expect(layout.blocks.map((x) => rowsText(x, layout.needed))).toEqual([
    "Row 3: parity",
    "Rows 4 to 7: 4 parity",
    "Rows 0 to 2: 2 data, 1 parity",
  ]);
  expect(layoutOf({ rows: "0x1", needed: "0x1", certified: false, height: null, holders: null }).blocks).toEqual([]);
});

it("says of each holder whether it has signed, is late, or is not heard", () => {
  const at = (phase: ObjectState["phase"], validator: number, heard?: number[]) =>
    markOf({ ...object, phase, signers: new Set([3]), layout: phase === "included" ? layout : undefined }, validator, heard);
  expect([at("sent", 0), at("encoded", 0), at("encoded", 3), at("included", 0), at("included", 2)]).toEqual([
    "none",
    "waiting",
    "signed",
    "late",
    "signed",
  ]);
  expect(markOf({ ...object, liars: new Set(["ab"]) }, 1, undefined, "ab")).toBe("wrong");
  expect([at("included", 2, [0, 1, 3]), at("included", 2, [2])]).toEqual(["away", "signed"]);
});

it("counts what was read and proven among a holder's rows", () => {
  const seen = { read: new Set([0, 1, 5]), cells: [{ slot: 5, cell: 7 }] };
  expect(layout.blocks.map((block) => seenText(block, seen))).toEqual(["", "1 read back, 1 cell proven", "2 read back"]);
});

it("reads runs of rows as a node writes them", () => {
  expect([...parseRuns("0-2,9,11-12")]).toEqual([0, 1, 2, 9, 11, 12]);
});
