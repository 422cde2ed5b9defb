import { describe, expect, it } from "vitest";
import { chainState } from "./src/chain-state.ts";
import type { Status } from "./src/types.ts";

const status = (more: Partial<Status> = {}): Status => ({
  state: "synced",
  cause: null,
  heardFrom: [0, 1, 2, 3],
  validators: 4,
  quorum: 3,
  consensusHeight: "0x10",
  latest: "0x10",
  ...more,
});

describe("chainState", () => {
  it.each([
    ["all answer", status(), 0, "live", "4 of 4 validators answer"],
    ["one is away", status({ heardFrom: [0, 1, 3] }), 0, "live", "3 of 4 validators answer, quorum needs 3"],
    [
      "two are away",
      status({ state: "halted", cause: "halted: 2 of 4 validators, quorum needs 3", heardFrom: [0, 1] }),
      0,
      "halted",
      "2 of 4 validators answer, quorum needs 3",
    ],
    [
      "a fault of its own",
      status({ state: "halted", cause: "EXEC_STATE_ROOT: roots differ" }),
      0,
      "halted",
      "EXEC_STATE_ROOT: roots differ",
    ],
    [
      "diverged, whoever else is there",
      status({ state: "halted", cause: "EXEC_DIVERGED: own result of height 7 contradicts the header of height 10", heardFrom: [0, 1] }),
      0,
      "halted",
      "own result of height 7 contradicts the header of height 10; ask another validator",
    ],
    [
      "a quorum by number, none by weight",
      status({ state: "halted", cause: "halted: 3 of 4 validators, quorum needs 3", heardFrom: [0, 1, 2] }),
      0,
      "halted",
      "3 of 4 validators, quorum needs 3",
    ],
    ["behind", status({ state: "syncing", latest: "0x3e8", consensusHeight: "0x7d0" }), 0, "syncing", "block 1,000 of 2,000"],
    ["alone", status({ validators: 1, quorum: 1, heardFrom: [0] }), 0, "live", "one validator, blocks when there is work"],
    ["one answer is late", status(), 2400, "live", "4 of 4 validators answer"],
    ["no answer any more", status(), 8000, "silent", "from this validator for 8 s; trying again"],
    ["halted, then no answer", status({ state: "halted" }), 8000, "silent", "from this validator for 8 s; trying again"],
    ["no answer yet", undefined, 100, "connecting", "to the validator that served this page"],
    ["never an answer", undefined, 9000, "silent", "from this validator since this page was opened; trying again"],
  ] as const)("%s", (_, said, silentMs, kind, reason) => {
    const state = chainState(said, silentMs);
    expect(state).toMatchObject({ kind, reason });
    expect(state.doubted).toBe(said?.cause?.startsWith("EXEC_DIVERGED") || undefined);
  });
});
