import { describe, expect, it } from "vitest";
import { loadModel } from "../../model/load.ts";
import { coldModelGas, inferGas } from "../../set/gas.ts";
import { digitModelFile, digitReport } from "../../testing/digit-model.ts";
import { smallModel } from "../../testing/small-model.ts";
import { denseWork, OPERATOR_UNITS } from "./work.ts";

describe("work", () => {
  it("counts units on dimensions rounded up to the tile", () => {
    expect(denseWork(1, 1, 1)).toEqual({ macs: 1, units: 4 * 8 * (8 + 8) });
    expect(denseWork(4, 8, 8)).toEqual({ macs: 256, units: 4 * 8 * (8 + 8) });
    expect(denseWork(5, 9, 9)).toEqual({ macs: 405, units: 8 * 16 * (16 + 8) });
  });

  it("is the sum over the operators", () => {
    // conv 16 x 18 x 3 -> 16 x (24 + 8) x 8; pool 4 pixels x 4 taps x 8 channels x 8; reshape 12 bytes; dense 1 x 12 x 5 -> 4 x (16 + 8) x 8.
    const model = loadModel(smallModel());
    expect(model.macs).toBe(16 * 18 * 3 + 60);
    expect(model.units).toBe(16 * 32 * 8 + 4 * 4 * 8 * 8 + 12 + 4 * 24 * 8 + 4 * OPERATOR_UNITS);
  });

  it("prices a digit well under a million gas", () => {
    const model = loadModel(digitModelFile());
    const units = 1_923_840 + 8 * (576 * 16 + 64 * 48 + 4 * 96 + 4 * 16) + 7 * OPERATOR_UNITS;
    expect(model.units).toBe(units);
    expect(inferGas(model)).toBe(3000 + 3 * (25 + 1) + Math.ceil(units / 64));
    expect(digitReport().gas).toEqual({ warm: inferGas(model), cold: inferGas(model) + coldModelGas(model) });
    expect(coldModelGas(model)).toBe(2600 + Math.ceil(model.weightBytes / 32));
  });
});
