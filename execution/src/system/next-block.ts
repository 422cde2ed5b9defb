/** What the controls of a development chain make of the next whole block. */
import { greater } from "../bigint.ts";
import type { NextControls } from "./controls.ts";

/** Seconds. Never before `parent`; the same second is allowed, since blocks come faster than seconds. */
export function nextTimestamp({ timestamp, timestampInterval, offsetMs }: NextControls, parent: bigint, timestampMs: number): bigint {
  if (timestamp !== undefined) return greater(timestamp, parent);
  if (timestampInterval !== undefined) return parent + timestampInterval;
  return greater((BigInt(Math.floor(timestampMs)) + offsetMs) / 1000n, parent);
}

/** As they are once the block is made: what was for one block is taken, and from a time that was set the clock goes on. */
export function afterBlock(next: NextControls, timestampMs: number): NextControls {
  const { timestamp, offsetMs } = next;
  return {
    ...next,
    timestamp: undefined,
    baseFee: undefined,
    prevRandao: undefined,
    offsetMs: timestamp === undefined ? offsetMs : timestamp * 1000n - BigInt(timestampMs),
  };
}
