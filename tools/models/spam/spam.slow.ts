/** The spam filter that examples/gate holds is what its command makes, and int8 is as good as float. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { makeSpam } from "./make.ts";

const gate = resolve(import.meta.dirname, "../../../examples/gate");

it("is made again, byte for byte, within 2 points of float", () => {
  const committed = JSON.parse(readFileSync(join(gate, "spam.json"), "utf8"));
  const out = mkdtempSync(join(tmpdir(), "noema-spam-"));
  try {
    makeSpam(out, committed);
    expect(readFileSync(join(out, "spam.nmodel"))).toEqual(readFileSync(join(gate, "spam.nmodel")));
    const { milliseconds: _, ...comparison } = committed.comparison;
    expect(JSON.parse(readFileSync(join(out, "spam.json"), "utf8")).comparison).toMatchObject(comparison);
    expect(comparison.floatRight / comparison.inputs).toBeGreaterThan(0.9);
    expect((comparison.floatRight - comparison.int8Right) / comparison.inputs).toBeLessThan(0.02);
  } finally {
    rmSync(out, { recursive: true });
  }
});
