import { expect, test } from "vitest";
import { untouchedEpoch } from "./recovery.ts";

type State = Parameters<typeof untouchedEpoch>[0];
const state = (height: number, loggedEpoch: number, lost?: State["lost"]) =>
  ({ tip: { header: { height } }, config: { params: { epochLength: 64 } }, loggedEpoch, lost }) as unknown as State;
const answers = new Map();

test.each<[string, State, number | undefined]>([
  ["fresh", state(0, 0), 2],
  ["in the middle of epoch 3", state(3 * 64 + 5, 3), 5],
  ["at its start, where the log has nothing of it yet", state(3 * 64, 2), 5],
  ["a chain store that is gone, beside a vote log that is whole", state(0, 3), 6],
  ["both logs gone, the others not heard yet", state(3 * 64, 0, { phase: "Collecting", nonce: 1, answers }), undefined],
  ["both logs and the store gone, and the others proved epoch 7", state(0, 0, { phase: "Resumed", epoch: 7, view: 3 }), 10],
  ["long after", state(20 * 64, 20, { phase: "Resumed", epoch: 7, view: 3 }), 22],
])("the first epoch in which nothing can have been signed: %s", (_what, s, expected) => {
  expect(untouchedEpoch(s)).toBe(expected);
});
