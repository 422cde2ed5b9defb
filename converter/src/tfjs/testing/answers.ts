/** What TensorFlow.js answers, as tools/runtimes/tfjs-answers.ts recorded it. */
import { readFileSync } from "node:fs";

export interface Answer {
  name: string;
  topology: { config: { layers?: object[] } };
  specs: object[];
  weights: string;
  input: string;
  output: number[];
}

const FILE = new URL("../../../fixtures/tfjs-answers.json", import.meta.url);
export const ANSWERS = JSON.parse(readFileSync(FILE, "utf8")) as Answer[];

export const floatsOf = (base64: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);

/** A model.json, whose only shard is `weights`. */
export function modelJson(topology: object, specs: readonly object[], more: object = {}): Uint8Array {
  return Buffer.from(JSON.stringify({ modelTopology: topology, weightsManifest: [{ paths: ["shard"], weights: specs }], ...more }));
}
