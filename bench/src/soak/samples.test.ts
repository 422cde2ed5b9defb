import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { growthOf, type Sample, sampleOf } from "./samples.ts";

const MINUTE_MS = 60_000;
const at = (minute: number, memory: number): Sample => ({ atMs: minute * MINUTE_MS, memory, "open files": 20, written: 0, disk: 0 });

it("tells what grows by the hour from what only wavers", () => {
  const grows = Array.from({ length: 60 }, (_, i) => at(i, 1e8 + 1e5 * i + (i % 2) * 1e4));
  const wavers = Array.from({ length: 60 }, (_, i) => at(i, 1e8 + ((i * i * 7) % 11) * 1e6));
  expect(growthOf(grows, "memory")?.slope).toBeCloseTo(6e6, -5);
  expect(growthOf(grows, "memory")?.low).toBeGreaterThan(0);
  const still = growthOf(wavers, "memory");
  expect(still?.low).toBeLessThan(0);
  expect(still?.high).toBeGreaterThan(0);
  expect(growthOf(grows.slice(0, 10), "memory")).toBeUndefined();
});

it.skipIf(process.platform !== "linux")("looks at a process and its folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-soak-"));
  expect(sampleOf(process.pid, folder)).toMatchObject({ "open files": expect.any(Number), written: expect.any(Number), disk: 0 });
  expect(sampleOf(process.pid, folder).memory).toBeGreaterThan(1e6);
  rmSync(folder, { recursive: true });
});
