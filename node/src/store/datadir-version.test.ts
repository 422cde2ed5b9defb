import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DATADIR_VERSION, migrateDatadir } from "./datadir-version.ts";
import { guardGenesis } from "./genesis-guard.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-datadir-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (text: string) => writeFileSync(join(folder, "version"), text);
const version = () => readFileSync(join(folder, "version"), "utf8");
const genesis = new Uint8Array(32).fill(1);

it("a new directory has this version, and one of before versions is brought to it", () => {
  expect(migrateDatadir(folder, true)).toBe(DATADIR_VERSION);
  expect(version()).toBe(`${DATADIR_VERSION}\n`);
  rmSync(join(folder, "version"));
  expect(migrateDatadir(folder, false)).toBe(1);
  expect(migrateDatadir(folder, false)).toBe(DATADIR_VERSION);
});

it.each([String(DATADIR_VERSION + 1), "0", "two", "", "1e3"])("refuses a directory that says %j, and leaves it as it is", (text) => {
  put(text);
  expect(() => guardGenesis(folder, genesis)).toThrow(expect.objectContaining({ code: "DATADIR_VERSION_UNKNOWN" }));
  expect([readdirSync(folder), version()]).toEqual([["version"], text]);
});

it("leaves another chain's directory as it is", () => {
  guardGenesis(folder, genesis);
  rmSync(join(folder, "version"));
  expect(() => guardGenesis(folder, new Uint8Array(32))).toThrow(expect.objectContaining({ code: "DATADIR_OTHER_GENESIS" }));
  expect(readdirSync(folder)).toEqual(["genesis-hash"]);
});
