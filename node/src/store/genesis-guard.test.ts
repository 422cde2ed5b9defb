import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { guardGenesis } from "./genesis-guard.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-datadir-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("binds a directory to one genesis", () => {
  const ours = new Uint8Array(32).fill(1);
  writeFileSync(join(folder, "genesis-hash"), ""); // what a crash at the first start leaves
  guardGenesis(folder, ours);
  guardGenesis(folder, ours);
  expect(() => guardGenesis(folder, new Uint8Array(32).fill(2))).toThrow(expect.objectContaining({ code: "DATADIR_OTHER_GENESIS" }));
});
