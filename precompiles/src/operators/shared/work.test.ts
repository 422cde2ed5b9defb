import { describe, expect, it } from "vitest";
import { loadModel } from "../../model/load.ts";
import { coldModelGas, inferGas } from "../../set/gas.ts";
import { digitModelFile, digitReport } from "../../testing/digit-model.ts";
import { smallModel } from "../../testing/small-model.ts";
import { denseWork, matmulWork, moveWork, normWork, OPERATOR_UNITS, topkWork } from "./work.ts";

describe("work", () => {
  it("counts units on dimensions rounded up to the tile", () => {
    expect(denseWork({ m: 1, k: 1, n: 1 })).toEqual({ macs: 1, units: 2 * 8 * (8 + 16) + 64 });
    expect(denseWork({ m: 4, k: 8, n: 8 })).toEqual({ macs: 256, units: 5 * 8 * (8 + 16) + 4 * 64 });
    expect(denseWork({ m: 5, k: 9, n: 9 })).toEqual({ macs: 405, units: 6 * 16 * (16 + 16) + 5 * 64 });
    expect(matmulWork({ batch: 3, m: 65, k: 9, n: 1 })).toEqual({ macs: 3 * 585, units: 3 * (65 + 16) * 8 * (16 + 16) });
    expect(normWork(3, 9)).toEqual({ macs: 0, units: 3 * 32 * (16 + 8) });
    expect(topkWork(2, 100, 5)).toEqual({ macs: 0, units: 2 * (4800 + 80 + 4096) });
    expect(moveWork(10, { near: 3, far: 1 })).toEqual({ macs: 0, units: 160 + 3 * 256 + 2048 });
  });

  it("is the sum over the operators", () => {
    // conv 16 x 18 x 3 -> 17 x (24 + 16) x 8 and 16 x 3 runs of 64; pool 4 pixels x 5 steps x 8 channels x 8; reshape 12 bytes; dense 1 x 12 x 5 -> 2 x (16 + 16) x 8 and a run.
    const model = loadModel(smallModel());
    expect(model.macs).toBe(16 * 18 * 3 + 60);
    expect(model.units).toBe(17 * 40 * 8 + 16 * 3 * 64 + 4 * 5 * 8 * 8 + 12 + 2 * 32 * 8 + 64 + 4 * OPERATOR_UNITS);
  });

  it("prices a digit well under a million gas", () => {
    const model = loadModel(digitModelFile());
    const products = 577 * 16 * (32 + 16) + 65 * 48 * (400 + 16) + 2 * 96 * (768 + 16) + 2 * 16 * (96 + 16);
    const pools = 8 * 5 * (144 * 16 + 16 * 48);
    const runs = 64 * (5 * 576 + 5 * 64 + 2);
    const units = products + runs + pools + 768 + 7 * OPERATOR_UNITS;
    expect(model.units).toBe(units);
    expect(inferGas(model)).toBe(3000 + 3 * (25 + 1) + Math.ceil(units / 64));
    expect(digitReport().gas).toEqual({ warm: inferGas(model), cold: inferGas(model) + coldModelGas(model) });
    expect(coldModelGas(model)).toBe(2600 + Math.ceil(model.weightBytes / 32));
  });
});
