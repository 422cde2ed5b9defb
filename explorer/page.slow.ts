import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { buildPage, pagePath } from "./build.ts";

it("the committed page is what its source builds to", async () => {
  expect((await buildPage()) === readFileSync(pagePath, "utf8"), "run: npm run noema -- tool page").toBe(true);
});
