/** Negative controls of the import walls in biome.json: each forbidden import must be refused. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

const forbidden: [from: string, to: string][] = [
  ["core", "@noema/execution/api"],
  ["execution", "@noema/consensus/types"],
  ["consensus", "@noema/da-layer/options"],
  ["da-layer", "@noema/node/config"],
  ["precompiles", "@noema/execution/api"],
  ["node", "@noema/devnet/devnet"],
  ["devnet", "@noema/bench/main"],
  ["consensus", "../../execution/src/api.ts"],
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
    const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
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
