import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { manifestPath, validatorFolder } from "./layout.ts";
import { endLoading, loadValidators } from "./loading.ts";
import { readOptions } from "./options.ts";
import { startValidator } from "./process.ts";

let datadir: string;

beforeEach(() => {
  datadir = mkdtempSync(join(tmpdir(), "noema-loading-"));
  for (const i of [0, 1]) mkdirSync(validatorFolder(datadir, i));
  writeFileSync(manifestPath(datadir), "{}");
});
afterEach(() => rmSync(datadir, { recursive: true }));

const given = (more: object = {}) => readOptions({ datadir, validators: 2, ...more });

it("is for folders that are there and stay", () => {
  expect(loadValidators(given({ fresh: true }))).toEqual([]);
  rmSync(manifestPath(datadir));
  expect(loadValidators(given())).toEqual([]);
});

it("ends those that are not told to start", async () => {
  const loading = loadValidators(given());
  expect(loading.map((x) => x.folder)).toEqual([0, 1].map((i) => validatorFolder(datadir, i)));
  await endLoading(loading);
  expect(await Promise.all(loading.map((x) => x.exited))).toEqual(["SIGKILL", "SIGKILL"]);
});

it("names one that ended before it was told", async () => {
  const [first] = loadValidators(given({ validators: 1 })) as [ReturnType<typeof loadValidators>[number]];
  first.child.kill("SIGKILL");
  await first.exited;
  await expect(startValidator(first, () => {}).ready).rejects.toMatchObject({ code: "DEV_VALIDATOR_FAILED" });
});

it("lets one end by itself whose devnet has gone", async () => {
  const [first] = loadValidators(given({ validators: 1 })) as [ReturnType<typeof loadValidators>[number]];
  first.child.disconnect();
  expect(await first.exited).toBe("exit code 0");
});
