/**
 * What contracts say to whoever develops them: calls of an address where there is no code, by `console.log` of Hardhat's console.sol
 * and Foundry's console2.sol. To the chain they are calls of nothing.
 */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

/** "console.log" in ASCII. */
export const CONSOLE = toHex(new TextEncoder().encode("console.log")).padStart(40, "0");

/** Kept of one transaction. */
const MAX_CALLS = 256;
const MAX_BYTES = 65_536;

export type Console = { hear(data: Bytes): void /** Their data, in order; also of calls that were reverted. */; heard: Bytes[] };

export function createConsole(): Console {
  const heard: Bytes[] = [];
  let bytes = 0;
  return {
    heard,
    hear(data) {
      if (heard.length === MAX_CALLS || bytes + data.length > MAX_BYTES) return;
      bytes += data.length;
      heard.push(data.slice());
    },
  };
}
