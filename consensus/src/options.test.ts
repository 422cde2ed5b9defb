import { expect, test } from "vitest";
import { createConsensusOptions } from "./options.ts";

test("defaults are those of the protocol", () => {
  expect(createConsensusOptions({})).toEqual({
    deltaMs: 150,
    dev: false,
    intervalMs: 400,
    idleIntervalMs: 400,
    epochLength: 4096,
    execLag: 3,
    inclusionWindow: 1024,
    maxPayloadBytes: 4_194_304,
    maxBlobBytes: 134_217_728,
    maxGas: 30_000_000,
    instant: false,
  });
});

test.each([{ deltaMs: 0 }, { intervalMs: 1.5 }, { epochLength: "64" }, { maxGas: -1 }, { typo: 1 }, { instant: "yes" }])(
  "%j is refused",
  (section) => {
    expect(() => createConsensusOptions(section)).toThrow(expect.objectContaining({ code: "CONSENSUS_OPTIONS_INVALID" }));
  },
);
