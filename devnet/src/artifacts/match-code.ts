/** Which contract some code on the chain is: equal but for what the compiler left open, and the metadata behind it. */
import type { Code, CompiledContract } from "./compiled.ts";

/** `code`: of the contract that matched. */
export type Match = { contract: CompiledContract; code: Code };

/** @param hex of the code at an address, or what a creation was given, arguments behind it; with or without 0x */
export function matchCode(contracts: readonly CompiledContract[], kind: "creation" | "deployed", hex: string): Match | undefined {
  const given = hex.replace(/^0x/, "");
  for (const contract of contracts) {
    const code = contract[kind];
    if (code !== undefined && fits(code, given, kind)) return { contract, code };
  }
  return undefined;
}

function fits({ hex, gaps }: Code, given: string, kind: "creation" | "deployed"): boolean {
  const length = hex.length - metadataLength(hex);
  if (length === 0 || (kind === "deployed" ? given.length !== hex.length : given.length < hex.length)) return false;
  const open = gaps.map(({ start, length: bytes }) => ({ from: 2 * start, to: 2 * (start + bytes) })).sort((a, b) => a.from - b.from);
  let at = 0;
  for (const { from, to } of [...open, { from: length, to: length }]) {
    if (from > at && hex.slice(at, from) !== given.slice(at, from)) return false;
    at = Math.max(at, to);
  }
  return true;
}

/** In digits: CBOR of solc, whose length stands in its last two bytes. Two compilations of equal code differ in nothing else. */
function metadataLength(hex: string): number {
  const bytes = Number.parseInt(hex.slice(-4), 16) + 2;
  const starts = hex.length - 2 * bytes;
  return starts > 0 && /^a[1-4]/.test(hex.slice(starts, starts + 2)) ? 2 * bytes : 0;
}
