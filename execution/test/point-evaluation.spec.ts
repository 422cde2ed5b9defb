/** The point evaluation against the vectors of c-kzg-4844 (verify_kzg_proof). */
import { concatBytes, fromHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { outsideVectors } from "@noema/core/testing/conformance";
import { expect, it } from "vitest";
import { pointEvaluation } from "../src/engine/natives/point-evaluation.ts";

/** Cases of the committed sample. */
const SAMPLE = 59;

/** true, false, or null for input that is invalid, as the vectors have it. */
async function verify(commitment: string, z: string, y: string, proof: string): Promise<string> {
  const given = [commitment, z, y, proof].map((hex) => fromHex(hex));
  if ([48, 32, 32, 48].some((length, i) => given[i]?.length !== length)) return "null"; // cannot be written into the 192 bytes
  const hash = sha256(given[0] as Uint8Array);
  hash[0] = 1;
  const [point, ...rest] = given as [Uint8Array, ...Uint8Array[]];
  const data = concatBytes(hash, ...rest.slice(0, 2), point, rest[2] as Uint8Array);
  const { failure } = await pointEvaluation({ data, gasLimit: 50_000n });
  if (failure === undefined) return "true";
  expect(["INVALID_PROOF", "INVALID_INPUTS"]).toContain(failure);
  return failure === "INVALID_PROOF" ? "false" : "null";
}

it.each(outsideVectors("kzg"))("agrees with every vector of the $source", async ({ source, paths, read }) => {
  const vectors = paths.filter((path) => /^verify_kzg_proof\/.*data\.ya?ml$/.test(path));
  for (const file of vectors) {
    const text = read(file);
    const field = (name: string) =>
      (text.match(new RegExp(`"?${name}"?:\\s*['"]?(0x[0-9a-fA-F]*|true|false|null)`)) as RegExpMatchArray)[1] as string;
    const answer = await verify(field("commitment"), field("z"), field("y"), field("proof"));
    expect(`${file}: ${answer}`).toBe(`${file}: ${field("output")}`);
  }
  console.log(`${source}: ${vectors.length} vectors`);
  if (source === "sample") expect(vectors).toHaveLength(SAMPLE);
  else expect(vectors).not.toEqual([]);
});
