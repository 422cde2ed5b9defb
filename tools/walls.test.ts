/** What is made of walls.json is what the files say; each import that biome.json forbids is refused. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { architecture, diagram, exists, generate, packageNames, root, type Walls, walls, wrongRows } from "./walls.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");

test("biome.json and ARCHITECTURE.md are what walls.json says", () => {
  const made = generate();
  expect(JSON.parse(read("biome.json")), "run: npm run noema -- tool walls").toEqual(made.biome);
  expect(read("ARCHITECTURE.md"), "run: npm run noema -- tool walls").toBe(made.architecture);
  for (const name of packageNames) expect(made.architecture).toContain(`\n| [${name}](${name}) | ${walls.packages[name]?.owns} |`);
});

test("the workspaces are the listed packages that exist", () => {
  expect(JSON.parse(read("package.json")).workspaces.toSorted()).toEqual(packageNames.toSorted());
});

test("each package stands after what it imports, and no layer imports another", () => {
  expect(wrongRows(walls)).toEqual([]);
  const row = { owns: "", leaves: "", imports: [] };
  const a = { ...row, layer: true, imports: ["core"] } as const;
  const planted = { core: { ...row, imports: ["node"] }, a, b: { ...a, imports: ["core", "a"] }, node: { ...row, imports: ["b"] } };
  expect(wrongRows({ packages: planted, reserved: [] })).toEqual(["core: node", "b: a"]);
});

test("a package that does not exist yet is in neither diagram nor table", () => {
  const later = Object.keys(walls.packages).filter((x) => !exists(x));
  const one = { imports: ["core"], owns: "x", leaves: "y" };
  const list: Walls = { packages: { core: { ...one, imports: [] }, a: one, b: one, c: { ...one, imports: ["a"] } }, reserved: [] };
  expect(diagram(list, ["core", "a", "b", "c"])).toBe("core  <-  { a, b }  <-  c");
  expect(architecture("core  <-  z\n\n| Package |\n|--|\n| z |\n\nend", list, ["core"])).toBe(
    "core          e2e imports anything\n\n| Package | Owns | Does not own |\n|---|---|---|\n| [core](core) | x | y |\n\nend",
  );
  for (const name of later) expect(read("ARCHITECTURE.md")).not.toContain(`[${name}](`);
});

const forbidden: [from: string, to: string][] = [
  ["core", "@noema/execution/api"],
  ["execution", "@noema/consensus/types"],
  ["consensus", "@noema/da-layer/options"],
  ["da-layer", "@noema/node/config"],
  ["precompiles", "@noema/execution/api"],
  ["node", "@noema/devnet/devnet"],
  ["devnet", "@noema/bench/main"],
  ["consensus", "../../execution/src/api.ts"],
  ["node", "../../execution/src/api.ts"],
  ["settlement", "@noema/execution/api"],
  ["explorer", "@noema/node/config"],
  ["execution", "lmdb"],
  ["da-layer", "@libp2p/tcp"],
  ["devnet", "fastify"],
  ["node", "viem"],
  ["consensus", "@chainsafe/blst"],
];
const permitted: [from: string, to: string][] = [
  ["node", "@noema/execution/api"],
  ["execution", "@noema/core/bytes"],
  ["devnet", "viem"],
];

test("each forbidden import is refused, each permitted one is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-walls-"));
  try {
    const config = JSON.parse(read("biome.json"));
    writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const cases = [...forbidden, ...permitted];
    for (const [i, [from, to]] of cases.entries()) {
      const path = join(folder, from, "src", `case${i}.ts`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `import * as x from "${to}";\nexport const y = x;\n`);
    }
    const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
    const args = [biome, "lint", "--only=style/noRestrictedImports", "--max-diagnostics=none", "."];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    const refused = cases.filter((_, i) => new RegExp(`case${i}\\.ts:\\d+:\\d+ lint/style/noRestrictedImports`).test(stdout + stderr));
    expect(refused).toEqual(forbidden);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
