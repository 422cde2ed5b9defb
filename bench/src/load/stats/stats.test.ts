import { describe, expect, it } from "vitest";
import { keptRate, peakRate, steadyRate } from "./commit-rate.ts";
import { compareRatios } from "./compare.ts";
import { findKnee } from "./knee.ts";
import { median, percentile, percentiles } from "./percentiles.ts";
import { type Ratio, ratios } from "./ratios.ts";
import { fitSlope, partMeans } from "./slope.ts";

describe("percentiles", () => {
  it("are by nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([50, 90, 99, 99.9, 100].map((p) => percentile(hundred, p))).toEqual([50, 90, 99, 100, 100]);
    expect(percentiles([3, 1, Number.NaN, 2])).toEqual({ count: 3, p50: 2, p90: 3, p99: 3, p999: 3, max: 3 });
    expect(percentiles([Number.NaN])).toBeUndefined();
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });
});

describe("the committed rate", () => {
  const blocks = [1000, 2000, 3000, 4000, 5000].map((at, k) => ({ at, own: [10, 100, 100, 100, 7][k] as number }));
  it("leaves out what came before the first block and after the last send", () => {
    expect(steadyRate(blocks, 4500)).toBe(100);
    expect(steadyRate([{ at: 500, own: 0 }, ...blocks], 4500)).toBe(100);
  });
  it("has a peak, of any second", () => {
    const at = (times: number[], own: number[]) => times.map((x, k) => ({ at: x, own: own[k] as number }));
    expect(peakRate(at([0, 990, 1985], [7, 99, 50]))).toBeCloseTo(100, 6); // a block a second is no two within one
    expect(peakRate(at([0, 500, 1000, 1500, 2500], [9, 10, 20, 30, 5]))).toBe(50);
    expect([peakRate(at([0, 900], [1, 1])), peakRate([])]).toEqual([undefined, undefined]);
  });
  it("by schedule, is what was in blocks when the last was sent: catching up gains nothing", () => {
    expect(keptRate(blocks, 0, 5000)).toBeCloseTo(317 / 5, 6);
    expect(keptRate([{ at: 4900, own: 500 }], 0, 5000)).toBe(100);
    expect(keptRate([{ at: 5100, own: 500 }], 0, 5000)).toBe(0);
  });
  it("is not told by less than a second", () => {
    expect([steadyRate(blocks, 2500), steadyRate(blocks, 1500)]).toEqual([100, undefined]);
    expect(
      steadyRate(
        [0, 100, 200].map((at) => ({ at, own: 5 })),
        300,
      ),
    ).toBeUndefined();
  });
});

describe("the knee", () => {
  const at = (offered: number, committed: number, p99: number) => ({ offered, committed, p50: p99 / 2, p99 });
  it("is the last rate that is kept up with at a calm latency", () => {
    const points = [at(400, 360, 90), at(100, 100, 40), at(200, 199, 45), at(500, 400, 900)];
    expect(findKnee(points)).toBe(points[0]);
  });
  it("is where latency goes up although all is committed", () => {
    const points = [at(100, 100, 40), at(200, 200, 199), at(300, 300, 201)];
    expect(findKnee(points)).toBe(points[1]);
  });
  it("is nowhere where even the lowest rate is too high", () => expect(findKnee([at(100, 50, 40)])).toBeUndefined());
});

describe("the slope of memory", () => {
  it("is that of a line, with an interval that holds it", () => {
    const wave = Array.from({ length: 60 }, (_, x) => [x, 5 + 2 * x + (x % 2 === 0 ? 1 : -1)] as const);
    const { slope, low, high } = fitSlope(wave) as { slope: number; low: number; high: number };
    expect(slope).toBeCloseTo(2, 2);
    expect(low < 2 && 2 < high).toBe(true);
    expect(low > 1.9 && high < 2.1).toBe(true);
  });
  it("holds 0 where there is only noise, and says nothing of three points", () => {
    const noise = Array.from({ length: 60 }, (_, x) => [x, (x * 7919) % 13] as const);
    const fit = fitSlope(noise);
    expect((fit?.low as number) < 0 && (fit?.high as number) > 0).toBe(true);
    expect(fitSlope(noise.slice(0, 3))).toBeUndefined();
    expect(
      partMeans(
        [
          [0, 1],
          [1, 3],
          [2, 5],
          [3, 7],
        ],
        2,
      ),
    ).toEqual([
      [0.5, 2],
      [2.5, 6],
    ]);
  });
});

describe("ratios", () => {
  const run = (target: string, tps: number, coreMicros?: number) => ({
    target,
    scenario: "transfers",
    tps,
    recoveryMicros: 50,
    ...(coreMicros === undefined ? {} : { coreMicros }),
  });
  it("are to the anchor's runs beside, and to the recovery", () => {
    const found = ratios([run("anvil", 100, 400), run("noema-1", 150, 200), run("anvil", 200, 400), run("noema-1", 300)], "anvil");
    expect(found.map(({ name, values }) => [name, values])).toEqual([
      ["anvil transfers: recoveries a transaction", [8, 8]],
      ["noema-1 transfers: committed/s, of anvil's", [1, 1.5]],
      ["noema-1 transfers: core-µs a transaction, of anvil's", [0.5]],
      ["noema-1 transfers: recoveries a transaction", [4]],
    ]);
  });
  it("are none where nothing stands beside", () => expect(ratios([run("noema-1", 150)], "anvil")).toEqual([]));
});

describe("two results", () => {
  const rate = (...values: number[]): Ratio => ({ name: "rate", anchor: "anvil", better: "higher", values });
  const cost = (...values: number[]): Ratio => ({ name: "cost", anchor: "anvil", better: "lower", values });
  const verdicts = (before: Ratio[], after: Ratio[]) => compareRatios(before, after).map((x) => x.verdict);

  it("a regression is found, in what should be high and in what should be low", () => {
    expect(verdicts([rate(2, 2.1), cost(0.5)], [rate(1.7, 1.75), cost(0.6)])).toEqual(["worse", "worse"]);
    expect(verdicts([rate(1.7, 1.75), cost(0.6)], [rate(2, 2.1), cost(0.5)])).toEqual(["better", "better"]);
  });
  it("noise is not: what lies within the runs' own spread, or below 5 %", () => {
    expect(verdicts([rate(1.6, 2.4)], [rate(1.5, 2)])).toEqual(["same"]);
    expect(verdicts([rate(2), cost(0.5)], [rate(1.92), cost(0.52)])).toEqual(["same", "same"]);
    expect(verdicts([rate(2, 2)], [rate(1.75, 1.75)])).toEqual(["worse"]); // as a control: the same loss without spread
  });
  it("what only one of them has is not compared", () => expect(verdicts([rate(2)], [cost(1)])).toEqual([]));
});
