/** What the controls of a development chain make of the next whole block. */
import { greater, lesser } from "../bigint.ts";
import { MAX_SECONDS } from "./control-limits.ts";
import type { NextControls } from "./controls.ts";

/** Seconds. Never before `parent`; the same second is allowed, since blocks come faster than seconds. At the end of time it stands. */
export function nextTimestamp({ timestamp, timestampInterval, offsetMs }: NextControls, parent: bigint, timestampMs: number): bigint {
  if (timestamp !== undefined) return greater(timestamp, parent);
  if (timestampInterval !== undefined) return lesser(parent + timestampInterval, MAX_SECONDS);
  return greater((BigInt(Math.floor(timestampMs)) + offsetMs) / 1000n, parent);
}

/**
 * As they are once the blocks of a height are made: what was for one block is taken, and from a time that was set, or that quiet blocks have
 * reached (`last`, seconds; absent: there are none), the clock goes on.
 */
export function afterBlock(next: NextControls, timestampMs: number, last?: bigint): NextControls {
  const offsetOf = (seconds: bigint) => seconds * 1000n - BigInt(timestampMs);
  const offsetMs = next.timestamp === undefined ? next.offsetMs : offsetOf(next.timestamp);
  return {
    ...next,
    timestamp: undefined,
    baseFee: undefined,
    prevRandao: undefined,
    offsetMs: last === undefined ? offsetMs : greater(offsetMs, offsetOf(last)),
  };
}
