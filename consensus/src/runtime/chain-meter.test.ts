import { createRecordingMetrics } from "@noema/core/testing/recording-metrics";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, test } from "vitest";
import type { LogRecord } from "../engine/events.ts";
import type { Block, Header } from "../types.ts";
import { block as sample } from "../wire/testing/samples.ts";
import { createChainMeter } from "./chain-meter.ts";

const hashOf = (height: number) => new Uint8Array(32).fill(height);

function block(height: number, more: Partial<Header> = {}): Block {
  const header = { ...sample.header, epoch: 0, view: height, height, proposer: 0, timestampMs: 1000 * height, ...more };
  return { ...sample, hash: hashOf(height), header };
}
const voteFor = (height: number): LogRecord => ({ type: "Vote", vote: { kind: "notarize", epoch: 0, view: height, hash: hashOf(height) } });

function meter({ selfIn = (): number | undefined => 1, tip = block(0), records = [] as LogRecord[] } = {}) {
  const { metrics, counts, gauges } = createRecordingMetrics();
  const clock = createSimClock();
  const count = (name: string) => counts[`noema_consensus_${name}`];
  const gauge = (name: string) => gauges[`noema_consensus_${name}`]?.();
  return { ...createChainMeter({ metrics, clock, selfIn, tip, records }), count, gauge, clock };
}

test("a final block counts as signed by whoever voted for it, and as missed by a validator that did not", () => {
  const m = meter();
  m.appended([voteFor(1), { type: "Vote", vote: { kind: "finalize", epoch: 0, view: 2, hash: hashOf(2) } }, voteFor(3)]);
  for (const height of [1, 2, 3]) m.finalized(block(height, { proposer: height === 3 ? 1 : 0 }));
  expect(m.count("validator_signed_blocks_total")).toBe(2);
  expect(m.count("validator_missed_blocks_total")).toBe(1);
  expect(m.count("validator_proposed_blocks_total")).toBe(1);
  expect(m.gauge("validator_last_signed_height")).toBe(3);
});

test("what was voted for before a restart is not missed after it", () => {
  const m = meter({ tip: block(4), records: [voteFor(5)] });
  m.finalized(block(5));
  expect(m.count("validator_missed_blocks_total")).toBe(0);
});

test("who is no validator misses nothing", () => {
  const m = meter({ selfIn: () => undefined });
  m.finalized(block(1));
  expect(m.count("validator_missed_blocks_total")).toBe(0);
});

test("views without a block are counted within an epoch and at the begin of the next", () => {
  const m = meter();
  m.finalized(block(1, { view: 1 }));
  expect(m.count("skipped_views_total")).toBe(0);
  m.finalized(block(2, { view: 4 }));
  expect(m.count("skipped_views_total")).toBe(2);
  m.finalized(block(3, { epoch: 1, view: 2 }));
  expect(m.count("skipped_views_total")).toBe(3);
});

test("the age of the newest block goes on while the chain stands still; the first interval is not genesis's age", () => {
  const m = meter();
  m.finalized(block(1));
  expect(m.count("block_interval_seconds")).toBeUndefined();
  m.clock.advance(5000);
  expect(m.gauge("block_age_seconds")).toBe(5);
  m.finalized(block(2));
  expect(m.count("block_interval_seconds")).toBe(1);
  expect(m.gauge("block_age_seconds")).toBe(0);
});
