/** docs/config.md is what the tables of options say; every option has a name for each who may say it, and a line of help. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Row, rowsOf, type Table } from "@noema/core/option-table";
import { ownOptions, sharedOptions } from "@noema/devnet/options";
import { named } from "@noema/node/cli/named-options";
import { nodeOptions } from "@noema/node/options";
import { expect, test } from "vitest";
import { configPage, genesisRows, OTHERS, renderConfig } from "./config-page.ts";
import { packageNames, root } from "./walls.ts";

const nodeRows = named(rowsOf(nodeOptions));

test("docs/config.md is what the tables say", () => {
  expect(readFileSync(configPage, "utf8"), "run: npm run noema -- tool config").toBe(renderConfig());
});

/** What the launcher tells its own processes. */
const INTERNAL = ["NOEMA_BUNDLE", "NOEMA_BYTECODE", "NOEMA_INVOCATION"];

test("every option says what it is for", () => {
  const silent = [...rowsOf(nodeOptions), ...ownOptions, ...genesisRows].filter((x) => x.help === "");
  expect(silent.map((x) => x.path.join("."))).toEqual([]);
});

test("no two options share a variable", () => {
  const variables = [...nodeRows, ...ownOptions].map((x) => x.variable);
  expect(new Set(variables).size).toBe(variables.length);
  expect(sharedOptions.filter((x) => !nodeRows.some((y) => y.variable === x.variable))).toEqual([]);
  for (const name of [...INTERNAL, ...Object.keys(OTHERS)]) expect(variables).not.toContain(name);
});

test("no other variable is read by the product", () => {
  const files = [...packageNames, "bin"].flatMap((x) =>
    readdirSync(join(root, x), { recursive: true, encoding: "utf8" }).map((y) => join(x, y)),
  );
  const product = files.filter((x) => /\.(ts|mjs)$/.test(x) && !/node_modules|\/testing\/|\/test\/|\.(test|spec|slow|full)\.ts$/.test(x));
  const read = product.flatMap((x) =>
    [...readFileSync(join(root, x), "utf8").matchAll(/process\.env\.(NOEMA_\w+)/g)].map((match) => match[1]),
  );
  expect([...new Set(read)].sort()).toEqual([...INTERNAL, ...Object.keys(OTHERS)].sort());
});

test("an option of the process is in no section of genesis", () => {
  const agreed = genesisRows.map((x) => x.path.join("."));
  expect(rowsOf(nodeOptions).filter((x) => agreed.includes(x.path.join(".")))).toEqual([]);
});

test("every table of a package's options.ts stands on the page", async () => {
  const shown = new Set([...genesisRows, ...rowsOf(nodeOptions), ...ownOptions].map((x) => x.schema));
  const exported: Row[] = [];
  for (const name of packageNames.filter((x) => existsSync(join(root, x, "src", "options.ts"))))
    for (const table of Object.values(await import(`../${name}/src/options.ts`)) as Table[])
      if (table.entries !== undefined) exported.push(...rowsOf(table, [name]).filter((x) => x.help !== ""));
  expect(exported.length).toBeGreaterThan(40);
  expect(exported.filter((x) => !shown.has(x.schema)).map((x) => x.path.join("."))).toEqual([]);
});
