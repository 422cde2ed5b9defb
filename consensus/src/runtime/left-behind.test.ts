import { coreError } from "@noema/core/errors";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { expect, test } from "vitest";
import { createLeftBehind } from "./left-behind.ts";

const failure = (reason: string) => coreError("REQUEST_FAILED", `request consensus/blocks-by-hash: ${reason}`, { reason });
const [a, b] = ["aa", "bb"] as [PublicKeyHex, PublicKeyHex];

test("a node is left behind once all that are connected have said so of where it stands, and says it once", () => {
  const logger = createRecordingLogger();
  const at = { tip: 7, connected: [a, b] };
  const left = createLeftBehind({ tip: () => at.tip, connected: () => at.connected, logger });
  expect(left.cause()).toBeUndefined();
  left.failed(a, failure("CONSENSUS_PRUNED"));
  expect([left.insteadOf(a), left.insteadOf(b)]).toEqual([b, b]);
  left.failed(b, failure("too many questions"));
  left.failed(b, new Error("CONSENSUS_PRUNED"));
  expect(left.cause()).toBeUndefined();
  for (const _ of [1, 2]) left.failed(b, failure("CONSENSUS_PRUNED"));
  expect(left.cause()).toContain("above height 7");
  expect([left.insteadOf(a), left.insteadOf(b)]).toEqual([a, b]); // nobody is left to ask; somebody may have got them
  expect(logger.lines.map(({ level }) => level)).toEqual(["error"]);
  at.connected = [a, b, "cc" as PublicKeyHex]; // somebody new may have them
  expect(left.cause()).toBeUndefined();
  at.connected = [a];
  at.tip = 8; // somebody had them
  expect(left.cause()).toBeUndefined();
  at.connected = [];
  expect(left.cause()).toBeUndefined();
});
