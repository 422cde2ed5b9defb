/** The list of packages (walls.json) and what is made of it: biome's import walls and ARCHITECTURE.md's table. `noema tool walls` writes both. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "..");

export type Package = {
  /** Which of ours it may import. */
  imports: readonly string[];
  owns: string;
  /** What it leaves to others. */
  leaves: string;
  /** One of the siblings that never import each other. */
  layer?: true;
  /** It measures the product and is no part of it. */
  measures?: true;
};
export type Walls = {
  /** Each after what it may import. A folder that does not exist yet has no effect. */
  packages: Record<string, Package>;
  /** Outside libraries that only these folders may touch, and tests. */
  reserved: readonly { modules: readonly string[]; to: readonly string[]; because: string }[];
};

export const walls: Walls = JSON.parse(readFileSync(join(root, "tools", "walls.json"), "utf8"));

export const exists = (name: string) => existsSync(join(root, name, "package.json"));

/** The packages whose folders exist. */
export const packageNames = Object.keys(walls.packages).filter(exists);

const BIOME = join(root, "biome.json");
const ARCHITECTURE = join(root, "ARCHITECTURE.md");
const TESTS = ["**/*.test.ts", "**/*.spec.ts", "**/*.slow.ts", "**/*.full.ts", "e2e/**", "tools/**"];

/** biome's `overrides`: a block for each package. */
export function biomeOverrides({ packages, reserved }: Walls): unknown[] {
  const blocks = Object.entries(packages).map(([name, { imports }]) => {
    const ours = imports.flatMap((x) => [`!@noema/${x}`, `!@noema/${x}/**`]);
    const patterns = [
      {
        group: ["@noema/*", "@noema/*/**", ...ours],
        message: `${name} may import only: ${imports.join(", ") || "nothing of ours"} (ARCHITECTURE.md)`,
      },
      { group: ["**/../*/src/**"], message: "another package is imported by its name" },
      ...reserved
        .filter(({ to }) => !to.some((x) => x.split("/")[0] === name))
        .map(({ modules, because }) => ({ group: modules, message: because })),
    ];
    const noRestrictedImports = { level: "error", options: { patterns } };
    return { includes: [`${name}/src/**`], linter: { rules: { style: { noRestrictedImports } } } };
  });
  const off = { style: { noRestrictedImports: "off" }, correctness: { noUndeclaredDependencies: "off" } };
  return [...blocks, { includes: TESTS, linter: { rules: off } }];
}

/** Imports that the list itself forbids: of what does not stand before, and from layer to layer. */
export function wrongRows({ packages }: Walls): string[] {
  const names = Object.keys(packages);
  return Object.entries(packages).flatMap(([name, { imports, layer }], i) =>
    imports.filter((x) => !names.slice(0, i).includes(x) || (layer && packages[x]?.layer)).map((x) => `${name}: ${x}`),
  );
}

/** How many imports lie between the package and core. */
function level({ packages }: Walls, name: string): number {
  return 1 + Math.max(-1, ...(packages[name]?.imports ?? []).map((x) => level({ packages, reserved: [] }, x)));
}

/** `core <- { a, b } <- node`, of these packages. */
export function diagram(list: Walls, names: readonly string[]): string {
  const levels = [...Map.groupBy(names, (x) => level(list, x)).entries()].sort(([a], [b]) => a - b).map(([, x]) => x);
  return levels.map((x) => (x.length > 1 ? `{ ${x.join(", ")} }` : x[0])).join("  <-  ");
}

/** ARCHITECTURE.md with the diagram and the table of what `names` own. */
export function architecture(text: string, list: Walls, names: readonly string[]): string {
  const rows = names.map((x) => `| [${x}](${x}) | ${list.packages[x]?.owns} | ${list.packages[x]?.leaves} |`);
  const table = ["| Package | Owns | Does not own |", "|---|---|---|", ...rows, "", ""].join("\n");
  return text
    .replace(/^core {2}<- .*$/m, () => `${diagram(list, names)}          e2e imports anything`)
    .replace(/^\| Package \|.*\n(?:\|.*\n)*\n/m, () => table);
}

/** The two files as they should be. */
export function generate(): { biome: { overrides: unknown[] }; architecture: string } {
  const biome = { ...JSON.parse(readFileSync(BIOME, "utf8")), overrides: biomeOverrides(walls) };
  return { biome, architecture: architecture(readFileSync(ARCHITECTURE, "utf8"), walls, packageNames) };
}

export function writeWalls(): void {
  const made = generate();
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  writeFileSync(BIOME, JSON.stringify(made.biome));
  const { status, stderr } = spawnSync(process.execPath, [biome, "format", "--write", BIOME], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`biome.json could not be formatted: ${stderr}`);
  writeFileSync(ARCHITECTURE, made.architecture);
}
