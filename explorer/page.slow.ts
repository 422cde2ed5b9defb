import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { buildPage, pagePath } from "./build.ts";

it("what the tab runs needs nothing of Node", () => {
  const text = readFileSync(pagePath, "utf8");
  const { files } = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as { files: { type: string; body: string }[] };
  const scripts = files.filter(({ type }) => type.startsWith("text/javascript"));
  expect(scripts).toHaveLength(3);
  for (const { body } of scripts) expect(/\bBuffer\b|["'`]node:|\brequire\(|\bprocess\./.exec(body)?.[0]).toBeUndefined();
});

it("the committed page is what its source builds to", async () => {
  expect((await buildPage()) === readFileSync(pagePath, "utf8"), "run: npm run noema -- tool page").toBe(true);
});
