/** npm's package declares what its bundle leaves outside, in the versions that the workspaces have. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageNames, root } from "../walls.ts";
import { readManifests } from "./manifests.ts";

const { EXTERNAL } = (await import(new URL("../../bin/build-bundle.mjs", import.meta.url).href)) as { EXTERNAL: string[] };
/** Needs a compiler, or is 54 MB of what few ask for: who asks for it installs it. */
const ON_DEMAND = ["@nxtedition/rocksdb", "c-kzg"];
/** The launcher's own. */
const LAUNCHER = ["commander"];

type Locked = { optionalDependencies?: Record<string, string> };

const manifests = readManifests(root, packageNames);

test("the root's dependencies are the package's", () => {
  const declared = manifests.root.dependencies ?? {};
  expect(Object.keys(declared).sort()).toEqual([...EXTERNAL.filter((x) => !ON_DEMAND.includes(x)), ...LAUNCHER].sort());
  for (const [name, { dependencies = {} }] of Object.entries(manifests.packages))
    for (const library of Object.keys(declared))
      expect([name, library, dependencies[library] ?? declared[library]]).toEqual([name, library, declared[library]]);
});

/** npm ci refuses a lock that lacks what a dependency of the root may have, also where the registry has no such package. */
test("the lock has everything that what the root depends on names", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, Locked> };
  const named = Object.keys(manifests.root.dependencies ?? {}).flatMap((x) =>
    Object.keys(packages[`node_modules/${x}`]?.optionalDependencies ?? {}).map((optional) => [x, optional]),
  );
  expect(
    named.filter(([x, optional]) => !packages[`node_modules/${x}/node_modules/${optional}`] && !packages[`node_modules/${optional}`]),
  ).toEqual([]);
});
