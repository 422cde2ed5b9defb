import { getObject } from "./objects.ts";

/** Enough that one waits for the node while it works for another. */
export const READERS = 4;

/** MB/s of one node: each of READERS reads the next object. Throws BENCH_RUN_FAILED. */
export async function readTogether(url: string, objects: readonly { id: string; bytes: Uint8Array }[]): Promise<number> {
  const left = objects[Symbol.iterator]();
  const begun = performance.now();
  const reader = async () => {
    for (const { id, bytes } of left) await getObject(url, id, bytes);
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  const total = objects.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return total / 1000 / (performance.now() - begun);
}
