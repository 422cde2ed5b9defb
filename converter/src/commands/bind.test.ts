import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SOLIDITY_LIBRARY } from "@noema/precompiles/bundled-models";
import { afterEach, expect, it } from "vitest";
import { bind } from "./bind.ts";

const out = mkdtempSync(join(tmpdir(), "bind-"));
afterEach(() => rmSync(out, { recursive: true, force: true }));
const model = new URL("../../../precompiles/models/digits.nmodel", import.meta.url).pathname;

it("an IInference.sol that is there stays as it is, unless it is to be replaced", () => {
  const base = join(out, "IInference.sol");
  bind(model, { out, force: false });
  expect(readFileSync(base)).toEqual(readFileSync(SOLIDITY_LIBRARY));
  writeFileSync(base, "// mine");
  rmSync(join(out, "Digits.sol"));
  rmSync(join(out, "Digits.ts"));
  bind(model, { out, force: false });
  expect(readFileSync(base, "utf8")).toBe("// mine");
  bind(model, { out, force: true });
  expect(readFileSync(base)).toEqual(readFileSync(SOLIDITY_LIBRARY));
});
