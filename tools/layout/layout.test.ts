/** The layout's rules hold, and each refuses what is planted against it. */
import { expect, test } from "vitest";
import { COMMANDS } from "../../bin/commands.mjs";
import { packageNames, root, type Walls, walls } from "../walls.ts";
import { deadExports } from "./dead.ts";
import { dependencies, readManifests, unusedFaces } from "./manifests.ts";
import { barrels, cycles, forbidden, testHelpers, tooLong } from "./rules.ts";
import { parse, readSources, type Source } from "./sources.ts";

const sources = readSources(root, [...packageNames, "bin", "tools", "e2e"]);
const manifests = readManifests(root, packageNames);
/** Commands are called by the launcher, workers by their files' names. */
const entries = [...Object.values(COMMANDS).map((x) => x.file), "node/src/workers/data.ts", "node/src/workers/execution.ts"];

const plant = (files: Record<string, string>): Source[] => Object.entries(files).map(([path, text]) => parse(path, text));
const row = { owns: "", leaves: "" };
const list: Walls = {
  packages: { core: { ...row, imports: [] }, a: { ...row, imports: ["core"] }, b: { ...row, imports: ["core"] } },
  reserved: [{ modules: ["db", "@net/*"], to: ["b/src/store"], because: "" }],
};

test("every source is read", () => {
  expect(sources.length).toBeGreaterThan(900);
  expect(sources.filter((x) => x.imports.length > 0).length).toBeGreaterThan(700);
});

test("no import cycle of files, type imports included", () => {
  expect(cycles(sources)).toEqual([]);
  const typed = { "a/src/x.ts": 'import type { Y } from "./y.ts";', "a/src/y.ts": 'export type Y = import("./x.ts").X;' };
  expect(cycles(plant(typed))).toEqual(["a/src/x.ts -> a/src/y.ts -> a/src/x.ts"]);
  const apart = {
    "a/src/x.ts": 'import { y } from "@noema/b/y";',
    "b/src/y.ts": 'export * from "./z.ts";',
    "b/src/z.ts": 'import "@noema/a/x";',
  };
  expect(cycles(plant(apart))).toHaveLength(1);
});

test("who imports whom is walls.json's, in every file that is no test", () => {
  expect(forbidden(sources, walls)).toEqual([]);
  const bad = ["@noema/b/x", "../../b/src/x.ts", "@noema/a/own", "db", "@net/tcp"];
  for (const specifier of bad)
    for (const text of [`import "${specifier}";`, `import type { X } from "${specifier}";`, `await import("${specifier}");`])
      expect(forbidden(plant({ "a/bench/x.ts": text }), list), text).toEqual([`a/bench/x.ts: ${specifier}`]);
  const good = { "a/src/x.ts": 'import "@noema/core/x";', "b/src/store/x.ts": 'import "db";', "a/src/x.test.ts": 'import "@noema/b/x";' };
  expect(forbidden(plant(good), list)).toEqual([]);
});

test("no source file has more than 300 lines", () => {
  expect(tooLong(sources)).toEqual([]);
  const lines = (n: number) => "x();\n".repeat(n);
  const files = { "a/src/x.ts": lines(301), "a/src/y.ts": lines(300), "a/src/x.test.ts": lines(301), "a/src/generated/x.ts": lines(301) };
  expect(tooLong(plant(files))).toEqual(["a/src/x.ts"]);
});

test("no file only re-exports", () => {
  expect(barrels(sources)).toEqual([]);
  const files = {
    "a/src/x.ts": '/** All. */\nexport * from "./y.ts";\nexport { z } from "./z.ts";\n',
    "a/src/y.ts": 'import { z } from "./z.ts";\nexport type { Z } from "./z.ts";\nexport { z };\n',
    "a/src/z.ts": 'import { set } from "lib";\nset();\nexport { type Z, z } from "lib";\n',
  };
  expect(barrels(plant(files))).toEqual(["a/src/x.ts", "a/src/y.ts"]);
});

test("the product imports no helpers of tests", () => {
  expect(testHelpers(sources, walls)).toEqual([]);
  for (const specifier of ["./testing/y.ts", "@noema/core/testing/y", "../test/y.ts", "../bench/y.ts", "./y.test.ts"])
    expect(testHelpers(plant({ "a/src/x.ts": `import type { Y } from "${specifier}";` }), list)).toEqual([`a/src/x.ts: ${specifier}`]);
  const good = { "a/src/testing/x.ts": 'import "./y.ts";', "a/bench/x.ts": 'import "../src/testing/y.ts";' };
  expect(testHelpers(plant(good), list)).toEqual([]);
});

test("a package declares what it imports, and nothing else", () => {
  expect(dependencies(sources, manifests)).toEqual([]);
  const declared = {
    dependencies: { lib: "1", idle: "1", inTests: "1" },
    optionalDependencies: { maybe: "1" },
    devDependencies: { fast: "1", "@types/lib": "1" },
  };
  const files = {
    "a/src/x.ts": 'import type { L } from "lib/x";\nimport "fast";\nimport "other";\nconst name = "maybe";\nawait import(name);',
    "a/src/x.test.ts": 'import "vitest";\nimport "fast";\nimport "inTests";\nimport "lib";',
  };
  expect(dependencies(plant(files), { root: { devDependencies: { vitest: "1" } }, packages: { a: declared } })).toEqual([
    "a/src/x.ts: fast is not declared",
    "a/src/x.ts: other is not declared",
    "a: idle is not imported",
    "a: inTests is not imported",
  ]);
});

test("a package's faces are modules that others import", () => {
  expect(unusedFaces(sources, manifests)).toEqual([]);
  const exports = { "./x": "./src/x.ts", "./y": "./src/y.ts" };
  const files = { "b/src/x.ts": 'import "@noema/a/x";', "a/src/x.ts": 'import "./y.ts";' };
  expect(unusedFaces(plant(files), { root: {}, packages: { a: { exports }, b: { exports: { "./*": "./src/*.ts" } } } })).toEqual([
    "a/src/y.ts",
  ]);
});

test("every export has a use outside of tests", () => {
  expect(deadExports(sources, entries)).toEqual([]);
  const files = {
    "a/src/x.ts":
      "export const used = 1;\nexport const tested = 2;\nexport const inner = used;\nexport type Of = 1;\nexport function f(x: Of) {\n  inner;\n}",
    "a/src/y.ts": 'import { used, f } from "./x.ts";\nused; f;',
    "a/src/x.test.ts": 'import { tested, used } from "./x.ts";',
    "a/src/command.ts": "export const command = 1;",
  };
  expect(deadExports(plant(files), ["a/src/command.ts"])).toEqual([
    "a/src/x.ts: tested has no use but in tests",
    "a/src/x.ts: inner is used here only, it needs no export",
  ]);
});
