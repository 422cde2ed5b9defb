import type { Bytes } from "./bytes.ts";

/** Unpredictable bytes. Never for anything that validators agree on. */
export interface Random {
  bytes(n: number): Bytes;
}
