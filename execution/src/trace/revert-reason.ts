/** What `Error(string)` and `Panic(uint256)` say (Solidity, ABI of errors), in the words of geth (accounts/abi/abi.go). */
import { bytesToBigInt, to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

const ERROR_STRING = "0x08c379a0";
const PANIC = "0x4e487b71";
const PANICS: Record<string, string> = {
  "0": "generic panic",
  "1": "assert(false)",
  "11": "arithmetic underflow or overflow",
  "12": "division or modulo by zero",
  "21": "enum overflow",
  "22": "invalid encoded storage byte array accessed",
  "31": "out-of-bounds array access; popping on an empty array",
  "32": "out-of-bounds access of an array or bytesN",
  "41": "out of memory",
  "51": "uninitialized function",
};

/** The reason of `Error(string)` or `Panic(uint256)`; undefined for custom errors and what does not decode. */
export function revertReason(output: Bytes): string | undefined {
  const selector = to0x(output.subarray(0, 4));
  if (selector === PANIC && output.length === 36) return panicReason(bytesToBigInt(output.subarray(4)).toString(16));
  if (selector !== ERROR_STRING || output.length < 68) return undefined;
  const length = bytesToBigInt(output.subarray(36, 68));
  if (length > BigInt(output.length - 68)) return undefined;
  return Buffer.from(output.subarray(68, 68 + Number(length))).toString("utf8");
}

function panicReason(code: string): string {
  return PANICS[code] ?? `unknown panic code: 0x${code}`;
}
