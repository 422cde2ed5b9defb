import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorsPage, renderErrors } from "./errors.ts";

test("docs/errors.md is what the error tables say", async () => {
  expect(readFileSync(errorsPage, "utf8"), "run: npm run noema -- tool errors").toBe(await renderErrors());
});
