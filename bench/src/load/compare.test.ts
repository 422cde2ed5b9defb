import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { machineNow } from "../machine.ts";
import { compare } from "./compare.ts";
import { FORMAT } from "./result.ts";
import type { Ratio } from "./stats/ratios.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-compare-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function result(name: string, ...values: number[]): string {
  const path = join(folder, `${name}.json`);
  const ratios: Ratio[] = values.map((value, k) => ({ name: `ratio ${k}`, anchor: "anvil", better: "higher", values: [value] }));
  writeFileSync(path, JSON.stringify({ format: FORMAT, command: "quick", machine: machineNow(), at: "now", seed: 1, ratios }));
  return path;
}

const thrown = (code: string) => expect.objectContaining({ code });

it("says which ratio is worse", () => {
  const lines: string[] = [];
  expect(compare(result("a", 2, 1), result("b", 2, 0.8), (line) => void lines.push(line))).toBe(false);
  expect(lines.at(-1)).toBe("worse: ratio 1");
  expect(lines).toContainEqual(expect.stringMatching(/^worse {2}ratio 1: 1\.00 -> 0\.80 \(-20 %/));
});

it("says when a machine was not quiet", () => {
  const path = result("busy", 2);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), otherCores: 0.9 }));
  const lines: string[] = [];
  compare(result("a", 2), path, (line) => void lines.push(line));
  expect(lines.filter((x) => x.includes("other processes"))).toEqual([
    "after: other processes kept 0.9 cores busy; measure it again on a quiet machine",
  ]);
});

it("is content with the same and with better", () => {
  expect(compare(result("a", 2), result("b", 2), () => {})).toBe(true);
  expect(compare(result("a", 2), result("b", 3), () => {})).toBe(true);
});

it("refuses what is no result, and results that have nothing in common", () => {
  const other = join(folder, "other.json");
  writeFileSync(other, "{}");
  expect(() => compare(other, other)).toThrow(thrown("BENCH_RESULT_INVALID"));
  expect(() => compare(join(folder, "none.json"), other)).toThrow(thrown("BENCH_RESULT_INVALID"));
  expect(() => compare(result("a", 2), result("b"))).toThrow(thrown("BENCH_NOTHING_TO_COMPARE"));
});
