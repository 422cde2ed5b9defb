import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ownOptions } from "../src/options.ts";

test("what createDevnet takes is what the command takes", () => {
  const types = readFileSync(new URL("./devnet.d.mts", import.meta.url), "utf8");
  const options = /interface DevnetOptions \{(.*?)^\}/ms.exec(types)?.[1] as string;
  const names = [...options.matchAll(/^ {2}(\w+)\?:/gm)].map((x) => x[1] as string);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((x) => x !== "flags" && !ownOptions.some(({ key }) => key === x))).toEqual([]);
});
