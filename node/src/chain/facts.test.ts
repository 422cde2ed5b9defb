import type { Consensus } from "@noema/consensus/runtime/consensus";
import type { ConsensusStatus } from "@noema/consensus/runtime/status";
import { blockNumber } from "@noema/core/block-number";
import { expect, test } from "vitest";
import { createChainFacts } from "./facts.ts";
import type { Heads } from "./heads.ts";

const good = {
  epoch: 0,
  view: 8,
  height: 7,
  leader: 1,
  heard: [0, 1, 2, 3],
  quorumHeard: true,
  quorum: "4 of 4 validators, quorum needs 3",
};

function stateAt(latest: number, status: Partial<ConsensusStatus>, lack?: string) {
  const head = { height: latest, number: blockNumber(0) };
  let heard = false;
  const consensus = { status: () => ({ ...good, ...status, ...(heard && { quorumHeard: true }) }) } as unknown as Consensus;
  const heads = { tags: () => ({ latest: head, safe: head, finalized: head }) } as unknown as Heads;
  const facts = createChainFacts({
    consensus,
    heads,
    room: { lack: () => lack },
    validatorSet: () => ({}) as never,
    rpcUrls: [],
    syncingAbove: 3,
  });
  if (status.quorumHeard === false) {
    expect(facts.status().cause ?? "").toMatch(lack || status.fault ? "" : /^connecting: 2 of 4/);
    heard = true;
    facts.status();
    heard = false;
  }
  const { state, cause } = facts.status();
  return [state, cause];
}

test("what a node says of the chain, the gravest first", () => {
  expect(stateAt(7, {})).toEqual(["synced", undefined]);
  expect(stateAt(3, {})).toEqual(["syncing", undefined]);
  const stalled = "no quorum of votes in view 8 for 6 s";
  expect(stateAt(7, { stalled })).toEqual(["halted", `halted: ${stalled}`]);
  const alone = { stalled, quorumHeard: false, quorum: "2 of 4 validators, quorum needs 3" };
  expect(stateAt(7, alone)).toEqual(["halted", "halted: 2 of 4 validators, quorum needs 3"]);
  expect(stateAt(7, alone, "the disk has 5 bytes free")).toEqual(["halted", "DISK_FULL: the disk has 5 bytes free"]);
  const fault = { code: "CONSENSUS_STORAGE_FAILED", message: "ENOSPC: no space left on device" };
  const means = "the vote log or the chain store could not be written or read"; // the system's words may hold paths: they are in the log
  expect(stateAt(7, { ...alone, fault })).toEqual(["halted", `CONSENSUS_STORAGE_FAILED: ${means}`]);
  const forked = { code: "CONSENSUS_FORKED", message: "final beside the own chain: 0x01" };
  expect(stateAt(7, { ...alone, fault: forked }, "the disk is full")).toEqual([
    "halted",
    "CONSENSUS_FORKED: final beside the own chain: 0x01",
  ]);
});
