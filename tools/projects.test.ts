/** Every test file is in one project of vitest.config.ts: none is forgotten, none runs twice. */
import { globSync } from "node:fs";
import { expect, it } from "vitest";
import config from "../vitest.config.ts";
import { root } from "./walls.ts";

type Project = { test: { name: string; include: string[]; exclude: string[] } };

it("every test file is in one project", () => {
  const projects = (config.test?.projects ?? []) as Project[];
  const of = (file: string, lists: Map<string, Set<string>>) => [...lists].filter(([, files]) => files.has(file)).map(([name]) => name);
  const lists = new Map(projects.map(({ test }) => [test.name, new Set(globSync(test.include, { cwd: root, exclude: test.exclude }))]));
  const all = globSync("**/*.{test,spec,slow,full,e2e}.ts", { cwd: root, exclude: ["**/node_modules/**", "**/.cache/**"] });
  expect(all.length).toBeGreaterThan(400);
  expect(all.filter((file) => of(file, lists).length !== 1)).toEqual([]);
  expect([...lists].filter(([, files]) => files.size === 0)).toEqual([]);
});
