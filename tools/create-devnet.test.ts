import { readFileSync } from "node:fs";
import { ownOptions } from "@noema/devnet/options";
import { expect, test } from "vitest";

test("what createDevnet takes is what the command takes", () => {
  const types = readFileSync(new URL("../bin/create-devnet.d.mts", import.meta.url), "utf8");
  const options = /interface DevnetOptions \{(.*?)^\}/ms.exec(types)?.[1] as string;
  const names = [...options.matchAll(/^ {2}(\w+)\?:/gm)].map((x) => x[1] as string);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((x) => x !== "flags" && !ownOptions.some(({ key }) => key === x))).toEqual([]);
});
