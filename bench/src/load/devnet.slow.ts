import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import { expect, it } from "vitest";
import { machineNow } from "../machine.ts";
import { COMMON_LOAD } from "./alternate.ts";
import { writeReport } from "./report/write.ts";
import { FORMAT, readResult } from "./result.ts";
import { erc20 } from "./scenarios/erc20.ts";
import { openSession } from "./session.ts";
import { ratios } from "./stats/ratios.ts";
import { startNoema } from "./targets/noema.ts";

it("a devnet of one takes 300 ERC-20 transfers as fast as it goes and 100 by schedule, and the report tells of them", async () => {
  const target = await startNoema({ checkout: repositoryRoot(), validators: 1, asyncSend: true, flags: [], syncDelayMs: 0 });
  const folder = mkdtempSync(join(tmpdir(), "noema-bench-report-"));
  try {
    const session = await openSession(target, erc20, { ...COMMON_LOAD, senders: 20, connections: 2, batch: 10, seed: 5, count: 300 });
    const fast = await session.run({ window: 1, seconds: 600 });
    const steady = await session.run({ rate: 200, window: 1, seconds: 600, most: 100, probe: "eth_getBalance" });
    session.close();
    expect([fast.sent, fast.included, steady.sent, steady.included]).toEqual([300, 300, 100, 100]);
    expect([fast.answerMs?.count, fast.includedMs?.count, steady.finalizedMs?.count]).toEqual([300, 300, 100]);
    expect(steady.probe?.refusals).toEqual({});
    if (process.platform === "linux") {
      expect(fast.coreMicros).toBeGreaterThan(0);
      expect(fast.processes?.find((x) => x.name === "validator 0")?.threads.map((x) => x.name)).toContain("main");
      expect(fast.memory?.samples.length).toBeGreaterThan(0);
    }
    expect(fast.diskBytesPerTransaction).toBeGreaterThan(0);

    const runs = [fast, steady];
    writeReport(folder, {
      format: FORMAT,
      command: "load",
      machine: machineNow(),
      at: "now",
      seed: 5,
      runs,
      ratios: ratios(runs, "anvil"),
    });
    expect(readResult(join(folder, "result.json")).ratios.length).toBeGreaterThan(0);
    expect(readFileSync(join(folder, "runs.csv"), "utf8").split("\n")).toHaveLength(4);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toMatch(/^<!doctype html>.*<svg/s);
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true });
  }
});
