/** The point evaluation against the vectors of c-kzg-4844 (verify_kzg_proof). */
import { outsideVectors } from "@noema/core/testing/conformance";
import { expect, it } from "vitest";
import { createPointEvaluation } from "../src/engine/kzg.ts";

/** Cases of the committed sample. */
const SAMPLE = 59;

it.each(outsideVectors("kzg"))("agrees with every vector of the $source", ({ source, paths, read }) => {
  const kzg = createPointEvaluation();
  const vectors = paths.filter((path) => /^verify_kzg_proof\/.*data\.ya?ml$/.test(path));
  for (const file of vectors) {
    const text = read(file);
    const field = (name: string) =>
      (text.match(new RegExp(`"?${name}"?:\\s*['"]?(0x[0-9a-fA-F]*|true|false|null)`)) as RegExpMatchArray)[1] as string;
    let answer: string;
    try {
      answer = String(kzg.verifyProof(field("commitment"), field("z"), field("y"), field("proof")));
    } catch {
      answer = "null";
    }
    expect(`${file}: ${answer}`).toBe(`${file}: ${field("output")}`);
  }
  console.log(`${source}: ${vectors.length} vectors`);
  if (source === "sample") expect(vectors).toHaveLength(SAMPLE);
  else expect(vectors).not.toEqual([]);
});
