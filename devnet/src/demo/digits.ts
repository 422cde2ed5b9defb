/** Digits for the demo: drawn by seed from those that the model was not trained on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import { DIGIT_SIDE, greyOfDigit } from "@noema/precompiles/digits";
import { decodeLabelledDigits, type LabelledDigit } from "@noema/precompiles/heldout-digits";

export function readHeldOut(): LabelledDigit[] {
  return decodeLabelledDigits(readFileSync(join(repositoryRoot(), "precompiles", "models", "digits-heldout.bin")));
}

/** `count` different ones, the same for the same seed: a Fisher-Yates shuffle by mulberry32. */
export function drawDigits(digits: readonly LabelledDigit[], count: number, seed: number): LabelledDigit[] {
  const pool = [...digits];
  const next = mulberry32(seed);
  for (let i = 0; i < Math.min(count, pool.length); i++) {
    const j = i + (next() % (pool.length - i));
    [pool[i], pool[j]] = [pool[j] as LabelledDigit, pool[i] as LabelledDigit];
  }
  return pool.slice(0, count);
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** 14 lines of half blocks. */
export function picture(input: Uint8Array): string[] {
  const grey = greyOfDigit(input);
  const ink = (x: number, y: number) => ((grey[y * DIGIT_SIDE + x] as number) > 127 ? 1 : 0);
  const line = (y: number) =>
    Array.from({ length: DIGIT_SIDE }, (_, x) => " \u2580\u2584\u2588"[ink(x, y) | (ink(x, y + 1) << 1)]).join("");
  return Array.from({ length: DIGIT_SIDE / 2 }, (_, i) => line(2 * i));
}
