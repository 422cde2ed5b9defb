/** Block validity that headers alone decide (consensus.md 2.4); the rest is the Validate effect. */
import { equalBytes } from "@noema/core/bytes";
import type { Block, Header } from "../types.ts";
import { MAX_FUTURE_MS } from "./params.ts";
import { leaderOf, type State } from "./state.ts";

/** `wait`: not decidable yet; again at `until` (or when something changes). */
export type Outcome = "valid" | "invalid" | { wait: true; until?: number };
export const WAIT: Outcome = { wait: true };

export function checkHeader(s: State, block: Block, view: number, parent: Block, now: number): Outcome {
  const { header } = block;
  if (!isPlaced(s, header, view) || !followsParent(s, block, parent)) return "invalid";
  const nextSet = s.config.setForEpoch(s.epoch + 1);
  if (nextSet === undefined) return WAIT;
  if (!equalBytes(header.nextValidatorSetHash, nextSet.hash)) return "invalid";
  return checkClock(s, header, now);
}

function isPlaced(s: State, header: Header, view: number): boolean {
  return (
    header.epoch === s.epoch &&
    header.view === view &&
    header.proposer === leaderOf(s, view) &&
    equalBytes(header.validatorSetHash, s.set.hash)
  );
}

function followsParent(s: State, { header, body }: Block, parent: Block): boolean {
  const { execLag, controls } = s.config.params;
  const above = parent.header;
  const highest = Math.max(0, header.height - execLag);
  const lowest = controls?.fixedExecHeight ? highest : above.exec.height;
  return (
    equalBytes(header.parentHash, parent.hash) &&
    header.height === above.height + 1 &&
    header.timestampMs > above.timestampMs &&
    header.l1Origin.number >= above.l1Origin.number &&
    header.exec.height >= lowest &&
    header.exec.height <= highest &&
    (header.exec.height >= payloadMinExecHeight(s, header.height) || isEmpty(header, body))
  );
}

/** Blocks carry nothing while execution is more than 2D behind: consensus slows to its speed without refusing to vote. */
export function payloadMinExecHeight(s: State, height: number): number {
  return height - 2 * s.config.params.execLag;
}

function isEmpty(header: Header, body: Block["body"]): boolean {
  return body.certs.length === 0 && header.payloadBytes === 0 && header.blobBytes === 0 && header.gasLimitSum === 0n;
}

/** A timestamp in the future becomes decidable with time: honest clocks differ. */
function checkClock(s: State, header: Header, now: number): Outcome {
  const { deltaMs, controls } = s.config.params;
  const tolerance = Math.min(MAX_FUTURE_MS, deltaMs);
  if (header.timestampMs <= now + tolerance) return "valid";
  return controls?.futureIsInvalid ? "invalid" : { wait: true, until: header.timestampMs - tolerance };
}
