/** Committed contract artifacts. */
import { readFileSync } from "node:fs";
import type { Abi, Hex } from "viem";

export type Artifact = { abi: Abi; bytecode: Hex; deployedBytecode: Hex };

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as Artifact;

export const token = read("../contracts/artifacts/Token.json");
export const counter = read("../contracts/artifacts/Counter.json");
export const workshop = read("../contracts/artifacts/Workshop.json");
export const twoReadings = read("../../precompiles/contracts/artifacts/TwoReadings.json");
export const recordedInference = read("../../precompiles/contracts/artifacts/RecordedInference.json");
export const digitReader = read("../../precompiles/contracts/artifacts/DigitReader.json");
