/** Cases of c-kzg-4844's vectors. Test support, no production code. */
import { fromHex } from "@noema/core/bytes";
import { outsideVectors } from "@noema/core/testing/conformance";

export type KzgCase = { name: string; input: Record<string, Uint8Array>; output: Uint8Array[] | boolean | null };
export type KzgFunction = keyof typeof KZG_SAMPLE;

/** Cases of the committed sample. */
export const KZG_SAMPLE = { blob_to_kzg_commitment: 6, compute_kzg_proof: 32, verify_kzg_proof: 59 };

const HEX = /0x[0-9a-f]*/g;
const sources = outsideVectors("kzg");

/** Cases of one function, those of the committed sample first. The files are YAML of one level: `key: '0x..'`, and an output. */
export function kzgCases(name: KzgFunction): KzgCase[] {
  return sources.flatMap(({ source, paths, read }) =>
    paths
      .filter((path) => path.startsWith(`${name}/`) && path.endsWith("data.yaml"))
      .map((path) => parseCase(`${path.split("/").at(-2)}${source === "sample" ? "" : `, ${source}`}`, read(path))),
  );
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
