import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { installRecording, type Recording } from "@noema/contracts/testing/hardhat.mjs";
import { network } from "hardhat";

/** Pictures of a three and of an eight. */
const recording = JSON.parse(readFileSync(new URL("digits.json", import.meta.url), "utf8")) as Recording;
const [three, eight] = recording.inputs;

describe("Judge", async () => {
  const { viem, provider } = await network.create();
  await installRecording(provider, recording);

  it("knows the model and its answers", async () => {
    const judge = await viem.deployContract("Judge", [recording.model]);
    assert.equal((await judge.simulate.judge([three!])).result, 3n);
    await judge.write.judge([eight!]);
    assert.equal(await judge.read.last(), 8n);
  });

  it("uses two answers in one transaction", async () => {
    const readings = await viem.deployContract("TwoReadings");
    await readings.write.compare([recording.model, three!, eight!]);
    assert.equal(await readings.read.largest(), 8n);
  });

  it("is refused what was not recorded", async () => {
    const judge = await viem.deployContract("Judge", [recording.model]);
    await viem.assertions.revertWithCustomErrorWithArgs(judge.simulate.judge([`${three!.slice(0, -2)}00`]), judge, "InferenceFailed", [1]);
  });
});
