/** Cases of c-kzg-4844's vectors (../conformance/kzg). Test support, no production code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex } from "@noema/core/bytes";
import { conformanceDir } from "@noema/core/testing/conformance";

export type KzgCase = { name: string; input: Record<string, Uint8Array>; output: Uint8Array[] | boolean | null };

const HEX = /0x[0-9a-f]*/g;

/** Cases of one function; empty where the vectors are absent. The files are YAML of one level: `key: '0x..'`, and an output. */
export function kzgCases(suite: string): KzgCase[] {
  const root = conformanceDir("kzg");
  if (root === undefined) return [];
  const folder = join(root, suite, "kzg-mainnet");
  return readdirSync(folder)
    .sort()
    .map((name) => parseCase(name, readFileSync(join(folder, name, "data.yaml"), "utf8")));
}

function parseCase(name: string, text: string): KzgCase {
  const at = text.search(/^output:/m);
  const input: Record<string, Uint8Array> = {};
  for (const [, key, hex] of text.slice(0, at).matchAll(/(\w+):\s*'?(0x[0-9a-f]*)/g))
    input[key!] = fromHex(hex!.length % 2 === 0 ? hex! : `${hex}0`);
  const output = text.slice(at + "output:".length).trim();
  if (output === "true" || output === "false") return { name, input, output: output === "true" };
  return { name, input, output: output === "null" ? null : [...output.matchAll(HEX)].map(([hex]) => fromHex(hex)) };
}
