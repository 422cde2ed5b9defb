import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { artifactPath, CONTRACTS, compileArtifact } from "./compile.ts";

for (const contract of CONTRACTS)
  it(`${contract.source}: the committed artifact is what it compiles to`, () => {
    expect(compileArtifact(contract.source)).toBe(readFileSync(artifactPath(contract), "utf8"));
  });
