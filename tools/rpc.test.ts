/** docs/rpc.md is what the methods say of themselves, and each says all: validation, types and documents are one description. */
import { readFileSync } from "node:fs";
import { method, type RpcModule } from "@noema/node/rpc/json-rpc/method";
import type { quantity } from "@noema/node/rpc/json-rpc/parsers";
import { openRpc } from "@noema/node/rpc/modules/rpc/open-rpc";
import { expect, test } from "vitest";
import { allModules, renderRpc, rpcPage, undescribed } from "./rpc-page.ts";

const modules = allModules();

test("docs/rpc.md is what the descriptions say", () => {
  expect(readFileSync(rpcPage, "utf8"), "run: npm run noema -- tool rpc").toBe(renderRpc(modules));
});

test("every method is described, every parameter has a schema, and every code is one that clients are told", () => {
  expect(undescribed(modules)).toEqual([]);
  expect(() => openRpc(modules, "")).not.toThrow();
});

test("what lacks a description or a schema is named, and how to mend it", () => {
  const bare = { read: (value: unknown) => value } as unknown as ReturnType<typeof quantity>;
  const more: RpcModule = {
    name: "more",
    methods: {
      more_none: { params: [], run: () => null },
      more_bare: method({ summary: "x", params: [["of", bare]], result: {}, run: () => null }),
    },
  };
  expect(undescribed([more])).toEqual([
    expect.stringContaining("more_none: no description"),
    expect.stringContaining('more_bare, parameter "of": a parser without a schema'),
  ]);
});

test("a summary is a line of its own, which leans on no other", () => {
  const summaries = modules.flatMap((x) => Object.entries(x.methods)).map(([name, { description }]) => [name, description?.summary ?? ""]);
  expect(summaries.filter(([, x]) => x === "" || /\n|^the same\b|\.$/.test(x as string))).toEqual([]);
});
