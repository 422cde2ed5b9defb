/** The point evaluation against the vectors of c-kzg-4844 (verify_kzg_proof). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceDir } from "@noema/core/testing/conformance";
import { expect, it } from "vitest";
import { createPointEvaluation } from "../src/engine/kzg.ts";

const folder = conformanceDir("kzg");
const vectors =
  folder === undefined
    ? []
    : readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((f) => /(^|\/)verify_kzg_proof\/.*data\.(ya?ml|json)$/.test(f))
        .sort();

it.skipIf(vectors.length === 0)("agrees with every vector", () => {
  const kzg = createPointEvaluation();
  for (const file of vectors) {
    const path = join(folder as string, file);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, "utf8");
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
  console.log(`${vectors.length} vectors`);
});
