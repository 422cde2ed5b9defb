import { fromHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { createStateCache } from "../state/cache.ts";
import { createJournal } from "../state/journal.ts";
import { codeFacts } from "./code-facts.ts";

it("knows jump destinations, and none inside of a push", () => {
  const code = fromHex("0x5b605b5b7f5b5b");
  expect([...codeFacts(code).jumps()]).toEqual([1, 0, 0, 1, 0, 0, 0]);
});

it("reads what a push pushes, with zeros after the end", () => {
  const facts = codeFacts(fromHex("0x6201"));
  expect([facts.pushed(1, 3), facts.pushed(1, 3), facts.pushed(2, 2)]).toEqual([0x010000n, 0x010000n, 0n]);
});

it("finds the facts of a code once, however often it is called and whoever reads it", () => {
  const stored = fromHex("0x600056");
  const below = { account: () => undefined, slot: () => new Uint8Array(0), code: () => stored.slice() };
  for (const state of [createStateCache().over(below), createJournal(below)]) {
    const [first, second] = [state.code(new Uint8Array(32)), state.code(new Uint8Array(32))];
    expect(codeFacts(second)).toBe(codeFacts(first));
    expect(codeFacts(second).jumps()).toBe(codeFacts(first).jumps());
  }
});
