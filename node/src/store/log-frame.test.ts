import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex, utf8 } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { createFrameFormat, encodeHeader } from "./log-frame.ts";
import { createMark, markPath } from "./log-mark.ts";
import { encodeOwner } from "./log-owner.ts";
import { testOwner } from "./testing/log-owner.ts";

const file = new URL("../../fixtures/log.json", import.meta.url);
const owner = encodeOwner(testOwner(), "votes");

function encodings(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "noema-mark-"));
  const mark = createMark(folder, owner, { first: 3, end: 1000, known: 5, lost: true }, 6);
  mark.write({ first: 4, end: 2 ** 40, known: 5, lost: false }, false);
  mark.close();
  const written = readFileSync(markPath(folder));
  rmSync(folder, { recursive: true });
  return {
    header: toHex(encodeHeader(2 ** 33 + 1, owner)),
    frame: toHex(createFrameFormat(owner).encode(2 ** 33 + 40, 2 ** 33 + 1, utf8("a record"))),
    mark: toHex(written),
  };
}

it("the log's files are the frozen ones", () => {
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, `${JSON.stringify(encodings(), null, 2)}\n`);
  expect(encodings()).toEqual(JSON.parse(readFileSync(file, "utf8")));
});

it("a frame verifies at its position, for its owner, and nowhere else", () => {
  const format = createFrameFormat(owner);
  const frame = format.encode(500, 480, utf8("a record"));
  expect(format.record(frame, 0, 500)).toEqual(utf8("a record"));
  expect(format.head(frame, 0, 500)).toEqual({ length: 8, batchStart: 480 });
  expect(format.record(frame, 0, 501)).toBeUndefined();
  for (const other of [encodeOwner(testOwner(1), "votes"), encodeOwner(testOwner(), "batches")])
    expect(createFrameFormat(other).head(frame, 0, 500)).toBeUndefined();
});
