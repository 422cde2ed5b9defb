import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rowOf } from "@noema/node/error-rows";
import { expect, test } from "vitest";
import { collectErrors, errorsPage, renderErrors } from "./errors.ts";
import { packageNames, root } from "./walls.ts";

/** Codes that no test provokes. This list only shrinks: a code that gets a test leaves it, and a new code comes with one. */
const WITHOUT_TEST = [
  "DATADIR_UNLOCKABLE", // takes a file system without sockets
  "STORE_UNAVAILABLE", // takes an installation without the optional package
];

type Source = { path: string; text: string };
const IS_TEST = /\.(test|spec|slow|full|e2e)\.ts$/;

function sourcesOf(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes("node_modules"))
    .map((file) => join(folder, file))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

const sources = [...packageNames.map((name) => `${name}/src`), "bin", "e2e"].flatMap(sourcesOf);
const isTest = ({ path }: Source) => IS_TEST.test(path) || path.startsWith("e2e/");
const product = sources.filter((source) => !isTest(source));
/** An error that a test makes itself is planted, not provoked. */
const tests = sources.filter(isTest).map(({ text }) => text.replaceAll(/\w*Error\(\s*"\w+"|(fail\(|writeFault\(.*)\{ code: "\w+"/g, ""));

test("docs/errors.md is what the error tables say", async () => {
  expect(readFileSync(errorsPage, "utf8"), "run: npm run noema -- tool errors").toBe(await renderErrors());
});

test("every error is made by the function of its package, which takes only its codes", () => {
  const makes = product.filter(({ text }) => /new NoemaError\(|remadeError\(\s*["'`]/.test(text)).map(({ path }) => path);
  expect(makes).toEqual(["core/src/errors.ts"]);
});

test("every code is used", async () => {
  const used = product.filter(({ path }) => !/(^|\/)errors\.ts$/.test(path)).map(({ text }) => text);
  const unused = (await collectErrors()).filter(({ code }) => !used.some((text) => text.includes(`"${code}"`)));
  expect(unused.map(({ code }) => code)).toEqual([]);
});

test("the faces know every row that they read", async () => {
  const told = (await collectErrors()).filter((row) => row.http ?? row.rpc ?? row.private ?? row.retryAfter);
  expect(told.filter(({ code }) => rowOf(code) === undefined)).toEqual([]);
  const tells = told.filter((row) => row.retryAfter !== undefined && row.http !== 429 && row.http !== 503);
  expect(tells, "asking again does not help").toEqual([]);
});

test("every code that is asked for exists", async () => {
  const known = new Set((await collectErrors()).map(({ code }) => code));
  const asked = product.flatMap(({ path, text }) =>
    [...text.matchAll(/isNoemaError\([^()]*, "(\w+)"\)/g)].map(([, code = ""]) => ({ path, code })),
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter(({ code }) => !known.has(code))).toEqual([]);
});

test("every code is provoked by a test, but for those that are listed", async () => {
  const untested = (await collectErrors()).filter(({ code }) => {
    const quoted = new RegExp(`["'\`/(|^]${code}\\b`);
    return !tests.some((text) => quoted.test(text));
  });
  expect(untested.map(({ code }) => code)).toEqual(WITHOUT_TEST.toSorted());
});
