import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIBRARIES, LIBRARIES_FOLDER } from "@noema/precompiles/bundled-models";
import { afterEach, beforeEach, expect, it } from "vitest";
import { bind } from "./bind.ts";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "bind-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));
const model = new URL("../../../precompiles/models/digits.nmodel", import.meta.url).pathname;

it.each(LIBRARIES)("%s stays as it is where it is there, unless it is to be replaced", (name) => {
  const [there, own] = [join(out, name), readFileSync(join(LIBRARIES_FOLDER, name))];
  bind(model, { out, force: false });
  expect(readFileSync(there)).toEqual(own);
  writeFileSync(there, "// mine");
  for (const made of ["Digits.sol", "Digits.ts"]) rmSync(join(out, made));
  bind(model, { out, force: false });
  expect(readFileSync(there, "utf8")).toBe("// mine");
  bind(model, { out, force: true });
  expect(readFileSync(there)).toEqual(own);
});
