/** What a compiler left of a contract, as Hardhat's build-info and Foundry's artifacts have it alike. */
import type { Abi } from "viem";

/** Where the compiler does not know a value yet: immutables, addresses of libraries. In bytes. */
export type Gap = { start: number; length: number };
/** Hex without 0x; `sourceMap`: solc's. */
export type Code = { hex: string; sourceMap: string; gaps: readonly Gap[] };
export type Source = { path: string; content: string };

export type CompiledContract = {
  name: string;
  abi: Abi;
  creation?: Code;
  deployed?: Code;
  /** By the index that source maps have; made by the compiler, or not found: absent. */
  sources: ReadonlyMap<number, Source>;
};

type Links = Record<string, Record<string, readonly Gap[]>>;
export type RawCode = { object?: string; sourceMap?: string; linkReferences?: Links; immutableReferences?: Record<string, readonly Gap[]> };

/** undefined: an interface's, or one that holds no source map. */
export function codeOf({ object = "", sourceMap = "", linkReferences = {}, immutableReferences = {} }: RawCode = {}): Code | undefined {
  const hex = object.replace(/^0x/, "").replace(/__\$[0-9a-fA-F]{34}\$__/g, "0".repeat(40));
  if (hex === "" || sourceMap === "") return undefined;
  const links = Object.values(linkReferences).flatMap((names) => Object.values(names).flat());
  return { hex, sourceMap, gaps: [...links, ...Object.values(immutableReferences).flat()] };
}
