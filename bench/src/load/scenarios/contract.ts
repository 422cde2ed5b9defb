/** Artifacts and calldata, without a client library. */
import { readFileSync } from "node:fs";
import { concatBytes, fromHex, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";

/** Creation code of a contract of bench/contracts, with its arguments (addresses and integers) behind it. */
export function creationCode(name: "Token" | "Pool" | "Work", ...args: readonly Argument[]): Bytes {
  return concatBytes(artifactCode(new URL(`../../../contracts/artifacts/${name}.json`, import.meta.url)), ...args.map(word));
}

export function artifactCode(path: URL | string): Bytes {
  return fromHex((JSON.parse(readFileSync(path, "utf8")) as { bytecode: string }).bytecode);
}

export type Argument = bigint | number | Bytes;

/** Calls whose arguments are of fixed size: a selector, made once, and a word each. */
export function encoder(signature: string): (...args: readonly Argument[]) => Bytes {
  const selector = keccak256(utf8(signature)).subarray(0, 4);
  return (...args) => concatBytes(selector, ...args.map(word));
}

/** Integers big endian; bytes of an address at the right end, too. */
export function word(value: Argument): Bytes {
  const out = new Uint8Array(32);
  const bytes = value instanceof Uint8Array ? value : fromHex(value.toString(16).padStart(64, "0"));
  out.set(bytes, 32 - bytes.length);
  return out;
}
