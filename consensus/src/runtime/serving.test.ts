import { setImmediate as turn } from "node:timers/promises";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { expect, it } from "vitest";
import { createServing, WAITING_PER_PEER } from "./serving.ts";

const [greedy, modest] = ["aa", "bb"] as PublicKeyHex[] as [PublicKeyHex, PublicKeyHex];

it("one answer a turn, askers in turn, and of one asker no more than a few", async () => {
  const answered: string[] = [];
  const serving = createServing<number>((to, question) => void answered.push(`${to} ${question}`));
  const taken = Array.from({ length: 1000 }, (_, i) => serving.ask(greedy, i)).filter(Boolean);
  expect(taken).toHaveLength(WAITING_PER_PEER);
  expect(serving.ask(modest, 1)).toBe(true);
  expect(answered).toEqual([]);
  await turn();
  expect(answered).toEqual(["aa 0"]);
  for (let i = 0; i < 10; i++) await turn();
  expect(answered).toEqual(["aa 0", "bb 1", "aa 1", "aa 2", "aa 3"]);
  expect(serving.ask(greedy, 7)).toBe(true);
  await turn();
  expect(answered.at(-1)).toBe("aa 7");
});

it("answers nothing after it was stopped", async () => {
  const answered: number[] = [];
  const serving = createServing<number>((_, question) => void answered.push(question));
  serving.ask(greedy, 1);
  serving.stop();
  await turn();
  expect(answered).toEqual([]);
});
