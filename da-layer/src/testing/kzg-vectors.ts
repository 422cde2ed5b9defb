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

export type CellCase = { name: string; input: Record<string, Uint8Array[]>; indices: number[]; output: Uint8Array[][] | boolean | null };

/** Cases of the functions of cells, whose inputs and outputs are lists; the committed sample has none. */
export function cellCases(name: "compute_cells_and_kzg_proofs" | "verify_cell_kzg_proof_batch"): CellCase[] {
  return sources.flatMap(({ paths, read }) =>
    paths
      .filter((path) => path.startsWith(`${name}/`) && path.endsWith("data.yaml"))
      .map((path) => parseCellCase(path.split("/").at(-2)!, read(path))),
  );
}

function parseCellCase(name: string, text: string): CellCase {
  const at = text.search(/^output:/m);
  const bytes = (part: string) => [...part.matchAll(HEX)].map(([hex]) => fromHex(hex.length % 2 === 0 ? hex : `${hex}0`));
  const parts = text.slice(0, at).split(/^ {2}(?=\w)/m);
  const input = Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf(":")), bytes(part)]));
  const indices = /cell_indices: \[([^\]]*)\]/.exec(text.slice(0, at))?.[1] ?? "";
  const output = text.slice(at + "output:".length).trim();
  const lists = output.split(/^- (?=-)/m).slice(1);
  const words: Record<string, boolean | null> = { true: true, false: false, null: null };
  return { name, input, indices: indices.split(/,\s*/).map(Number), output: output in words ? words[output]! : lists.map(bytes) };
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
