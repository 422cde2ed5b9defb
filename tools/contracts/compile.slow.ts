import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { BUILD_INFO, compileBuildInfo } from "./build-info.ts";
import { artifactPath, CONTRACTS, compileArtifact } from "./compile.ts";

it("the committed build-info is what its source compiles to", () => {
  expect(compileBuildInfo()).toBe(readFileSync(BUILD_INFO, "utf8"));
});

for (const contract of CONTRACTS)
  it(`${contract.source}: the committed artifact is what it compiles to`, () => {
    expect(compileArtifact(contract.source)).toBe(readFileSync(artifactPath(contract), "utf8"));
  });
