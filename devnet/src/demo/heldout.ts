/** Digits that the model was not trained on: a packed file, so that the demo needs no data set of 41 MB. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@noema/node/paths";

export const PIXELS = 28 * 28;

export type Digit = { label: number /** 784 bytes, int8, as INFER takes them. */; pixels: Uint8Array };

/** u32be count, then for each digit a label byte and 784 pixel bytes. */
export function readHeldOut(path = join(repositoryRoot(), "precompiles", "models", "digits-heldout.bin")): Digit[] {
  const file = readFileSync(path);
  const count = file.readUInt32BE(0);
  if (file.length !== 4 + count * (1 + PIXELS)) throw new Error(`${path}: ${file.length} bytes do not hold ${count} digits`);
  return Array.from({ length: count }, (_, i) => {
    const at = 4 + i * (1 + PIXELS);
    return { label: file[at] as number, pixels: new Uint8Array(file.subarray(at + 1, at + 1 + PIXELS)) };
  });
}

/** `count` different digits, the same for the same seed (mulberry32, Fisher-Yates). */
export function draw(digits: readonly Digit[], count: number, seed: number): Digit[] {
  const pool = [...digits];
  let state = seed >>> 0;
  const next = (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
  for (let i = 0; i < count; i++) {
    const j = i + next(pool.length - i);
    [pool[i], pool[j]] = [pool[j] as Digit, pool[i] as Digit];
  }
  return pool.slice(0, count);
}

/** Two pixel rows a line, in half blocks. */
export function picture(pixels: Uint8Array): string[] {
  const ink = (x: number, y: number) => ((pixels[y * 28 + x] as number) << 24) >> 24 > 0; // int8: above half
  const lines: string[] = [];
  for (let y = 0; y < 28; y += 2) {
    let line = "";
    for (let x = 0; x < 28; x++) line += " \u2580\u2584\u2588"[(ink(x, y) ? 1 : 0) | (ink(x, y + 1) ? 2 : 0)];
    lines.push(line);
  }
  return lines;
}
