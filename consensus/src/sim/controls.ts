/**
 * Negative controls (consensus.md 5.4): each takes one rule away and has a pinned seed in which the run then violates an invariant
 * or stalls, while the same seed passes with the rule. `start` arranges the situation that the rule is for; both runs have it.
 */
import type { Hash } from "@noema/core/ports/bytes";
import type { Controls } from "../engine/params.ts";
import type { Message } from "../wire/frame.ts";
import { leaders, randomnessOf } from "./oracle/protocol.ts";
import { type Behaviour, type Scenario, type Wiring, withControls } from "./scenario.ts";
import { genesisHashOf } from "./world.ts";

export type Control = {
  /** What is taken away. */
  rule: string;
  seed: number;
  start: (s: Scenario) => Scenario;
  remove: (s: Scenario) => Scenario;
};

/** The rule's removal has to do harm of its own: the oracle, which would see the removal itself, looks away. */
const wiring =
  (change: Wiring) =>
  (s: Scenario): Scenario => ({ ...s, wiring: { ...s.wiring, ...change, unwatched: true } });
const engine = (controls: Controls) => (s: Scenario) => wiring({})(withControls(s, controls));

/** n validators of equal stake, nothing faulty; the rest as drawn. */
function calm(s: Scenario, n: number, change: Partial<Scenario> = {}): Scenario {
  return {
    ...s,
    weights: Array.from({ length: n }, () => 100n),
    byzantine: new Map(),
    bls: false,
    skew: Array.from({ length: n }, () => 0),
    exec: Array.from({ length: n }, () => 5),
    crashes: [],
    partitions: [],
    lateStart: new Map(),
    loss: 0,
    payload: [],
    patienceMs: 120_000,
    ...change,
  };
}

/** Everybody crashes often. */
function crashing(s: Scenario): Scenario {
  const n = 4;
  const crashes = Array.from(
    { length: 24 },
    (_, i) => ({ at: 200 + 300 * i, node: i % n, afterEffects: (7 * i) % 23, downFor: 40, log: "kept", chain: "kept" }) as const,
  );
  return calm(s, n, { crashes: [...crashes], loss: 0.3, delay: [1, 60], persistMs: 2, patienceMs: 120_000 });
}

function lossy(s: Scenario, byzantine: Behaviour): Scenario {
  return calm(s, 4, { loss: 0.3, delay: [10, 90], byzantine: new Map([[3, byzantine]]) });
}

/** One validator loses its log in the middle of views. */
function losing(s: Scenario): Scenario {
  const crashes = Array.from(
    { length: 14 },
    (_, i) => ({ at: 300 + 500 * i, node: 0, afterEffects: (5 * i) % 19, downFor: 15, log: "lost", chain: "kept" }) as const,
  );
  return calm(s, 4, { crashes: [...crashes], loss: 0.1, delay: [1, 60] });
}

/**
 * The validator that leads (1, 2) comes there alone, by a certificate of (1, 1) that nobody else sees, and loses its log once it
 * has proposed: all that the others can show is F of epoch 0.
 */
function opening(s: Scenario): Scenario {
  const n = 4;
  const ahead = leaders(
    Array.from({ length: n }, () => 100n),
    randomnessOf(genesisHashOf(n)).seeds[1] as Hash,
  )[2] as number;
  const drop = (to: number, m: Message) => {
    if (to === ahead) return false;
    if (m.type === "Propose") return m.propose.epoch > 0 && m.propose.view > 1;
    if (m.type === "Status") return m.status.epoch > 0 && m.status.view > 1;
    const of = m.type === "Vote" ? m.vote : m.type === "Cert" ? m.cert : m.type === "Certs" ? m.certs[0] : undefined;
    return of !== undefined && of.epoch > 0;
  };
  const params = { ...s.params, deltaMs: 50, intervalMs: 0, idleIntervalMs: 0, epochLength: 3 };
  const crash = { at: 0, node: ahead, afterVote: { epoch: 1, view: 2 }, afterEffects: 0, downFor: 15, log: "lost", chain: "kept" } as const;
  return calm(s, n, { params, drop, crashes: [crash], loss: 0.05, delay: [1, 20], persistMs: 2, faultsUntil: 3_000 });
}

/**
 * Validator 0 loses its log after a vote. Those who voted with it come back without their chains: in epoch 0, with the logs of a later
 * one; the last has heard of nothing.
 */
function beneath(s: Scenario): Scenario {
  const at = 1_000;
  const crashes = [1, 2].map((node) => ({ at, node, afterEffects: 0, downFor: 5, log: "kept", chain: "lost" }) as const);
  const forgets = { at, node: 0, afterVote: {}, afterEffects: 0, downFor: 15, log: "lost", chain: "kept" } as const;
  const params = { ...s.params, deltaMs: 50, intervalMs: 0, idleIntervalMs: 0, epochLength: 3 };
  const drop = (to: number, m: Message) => to === 3 && m.type !== "GetStatus";
  return calm(s, 4, { params, drop, crashes: [...crashes, forgets], delay: [1, 20], faultsUntil: 2_500 });
}

/** Heights are notarized, and while finalize votes get lost none becomes final. */
function slowFinality(s: Scenario): Scenario {
  return calm(s, 4, { withheld: "finalize", delay: [1, 30] });
}

/** Validator 0 is too small to lead, its clock is behind, and with one silent validator no quorum is without it. */
function slowClock(s: Scenario): Scenario {
  const params = { ...s.params, deltaMs: 50, intervalMs: 100, idleIntervalMs: 100 };
  return calm(s, 4, { weights: [1n, 100n, 100n, 100n], byzantine: new Map([[3, "silent"]]), delay: [1, 5], skew: [-80, 0, 0, 0], params });
}

export const CONTROLS: Record<string, Control> = {
  "no-write-ahead-log": { rule: "own votes survive a crash", seed: 1, start: crashing, remove: wiring({ logForgotten: true }) },
  "certificates-not-logged": { rule: "certificates are in the log", seed: 2, start: crashing, remove: wiring({ certsForgotten: true }) },
  "nullify-and-finalize": {
    rule: "never nullify and finalize in one view",
    seed: 3,
    start: (s) => lossy(s, "nullifyAndFinalize"),
    remove: engine({ noNullifyFinalizeRule: true }),
  },
  "no-boundary-reproposal": {
    rule: "the last block of an epoch is proposed again until it is final",
    seed: 5,
    start: (s) => lossy(s, "withholder"),
    remove: engine({ noBoundaryReproposal: true }),
  },
  "no-floor": {
    rule: "nothing at or below the finalized view is voted or taken up",
    seed: 3,
    start: (s) => lossy(s, "staleCertificates"),
    remove: engine({ noFloorRule: true }),
  },
  "no-block-fetch": {
    rule: "missing blocks are asked for",
    seed: 1,
    start: (s) => lossy(s, "partialSender"),
    remove: engine({ noBlockFetch: true }),
  },
  "no-certs-by-view": {
    rule: "missing certificates are asked for by view",
    seed: 1,
    start: (s) => calm(s, 4, { holes: true, delay: [1, 30] }),
    remove: engine({ noCertsByView: true }),
  },
  "backoff-capped": {
    rule: "timeouts grow until the delay fits",
    seed: 1,
    start: (s) => calm(s, 4, { delay: [700, 900], params: { ...s.params, deltaMs: 50, intervalMs: 100, idleIntervalMs: 100 } }),
    remove: engine({ backoffCappedAt: 5 }),
  },
  "future-is-invalid": {
    rule: "a timestamp in the future waits",
    seed: 1,
    start: slowClock,
    remove: engine({ futureIsInvalid: true }),
  },
  "lost-log": { rule: "a lost log bars votes up to M + 1", seed: 2, start: losing, remove: wiring({ lostRuleOff: true }) },
  "lost-log-epochs": {
    rule: "an answer from (e + 1, 1) proves that round, not one of e",
    seed: 1,
    start: opening,
    remove: engine({ lostLogForgetsEpochs: true }),
  },
  "answers-from-below": {
    rule: "nobody tells a lost log of a round below the own votes",
    seed: 2,
    start: beneath,
    remove: engine({ answersFromBelow: true }),
  },
  "fixed-exec-height": { rule: "exec.height may lie below h - D", seed: 1, start: slowFinality, remove: engine({ fixedExecHeight: true }) },
  "quorum-by-count": {
    rule: "quorums are by stake",
    seed: 1,
    start: (s) => calm(s, 4, { weights: [700n, 100n, 100n, 100n], delay: [1, 60], loss: 0.2 }),
    remove: engine({ quorumByCount: true }),
  },
};
