/** What a seed means: validators, delays, faults and adversaries. Byzantine stake and stake that loses its log stay below W/3. */
import type { Controls, Params } from "../engine/params.ts";
import type { VoteKind } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import type { Random } from "./random.ts";

export const BEHAVIOURS = [
  "equivocator",
  "partialSender",
  "withholder",
  "silent",
  "doubleVoter",
  "nullifyAndFinalize",
  "badJustification",
  "staleCertificates",
  "badVotes",
  "wrongEpoch",
  "impersonator",
  "wrongExec",
  "wrongHeader",
  "misproposer",
  "secondThought",
  "meddler",
  "saboteur",
  "twins",
  "chaos",
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** Switches of the simulator's own wiring; those of the engine are `Controls`. */
export type Wiring = {
  /** Only the invariants of checker.ts hold. */ unwatched?: boolean;
  logForgotten?: boolean;
  certsForgotten?: boolean;
  lostRuleOff?: boolean;
};

export type Crash = {
  /** Earliest time. */
  at: number;
  node: number;
  /** The effects are counted from that own vote on (1 and any round unless given), else from the time alone. */
  afterVote?: { epoch?: number; view?: number; times?: number };
  afterEffects: number;
  downFor: number;
  log: "kept" | "lost";
  chain: "kept" | "lost";
};

export type Scenario = {
  weights: bigint[];
  params: Params;
  bls: boolean;
  byzantine: Map<number, Behaviour>;
  /** One-way delay of a message, and of one in `reorder` of them four times as much. */
  delay: [number, number];
  reorder: number;
  loss: number;
  duplicate: number;
  /** Milliseconds that a node's clock is ahead. */
  skew: number[];
  /** Time to execute one block, by node. */
  exec: number[];
  persistMs: number;
  faultsUntil: number;
  crashes: Crash[];
  partitions: { from: number; until: number; side: boolean[] }[];
  /** For a while only `hears` is told of votes, certificates and rounds, and what it proposes is lost; the rest arrives. */
  eclipses?: { from: number; until: number; hears: number }[];
  /** Messages of a directed schedule that do not arrive, while the faults last. */
  drop?: (to: number, message: Message) => boolean;
  payload: { at: number; node: number; level: "none" | "some" | "full" }[];
  /** Nodes that start late, with an empty disk. */
  lateStart: Map<number, number>;
  /** Votes of this kind are lost on the way while the faults last. */
  withheld?: VoteKind;
  /** Validator i starts with nullifications of views 1 to n + 1 but that of view i + 1. */
  holes?: boolean;
  /** Nothing is wrong: views must not be nullified, nor blocks be late. */
  calm?: boolean;
  newHeights: number;
  patienceMs: number;
  wiring: Wiring;
};

export function scenarioOf(random: Random, bls: boolean): Scenario {
  const n = bls ? 4 : random.choose([1, 4, 4, 4, 4, 4, 7, 7, 7, 7, 10, 10, 4, 7, 4, 4]);
  const weights = random.chance(0.5) ? Array.from({ length: n }, () => 100n) : Array.from({ length: n }, () => BigInt(random.int(10, 300)));
  const deltaMs = random.choose([50, 50, 150]);
  const intervalMs = random.choose([0, 100, 200]);
  const faultsUntil = bls ? 2_500 : n >= 10 ? 5_000 : 8_000;
  const faulty = pickBelowThird(random, weights);
  const lostNode = faulty.length > 0 && random.chance(0.3) ? faulty.pop() : undefined;
  const byzantine = new Map<number, Behaviour>();
  for (const i of faulty) if (random.chance(0.8)) byzantine.set(i, random.choose(BEHAVIOURS));
  const delay = random.choose<[number, number]>([
    [1, 5],
    [1, 30],
    [1, 30],
    [10, 60],
    [10, 60],
    [50, 200],
    [500, 700],
    [700, 900],
  ]);
  const skewed = random.chance(0.4);
  return {
    weights,
    params: {
      deltaMs,
      intervalMs: n === 1 ? 50 : intervalMs,
      idleIntervalMs: random.chance(0.2) ? 1_000 : n === 1 ? 50 : intervalMs,
      execLag: 3,
      epochLength: random.choose([3, 5, 8, 16, 40]),
      instant: n === 1 && random.chance(0.5),
    },
    bls,
    byzantine,
    delay,
    reorder: random.choose([0, 0, 0.1]),
    loss: random.choose([0, 0, 0.02, 0.1, 0.3, 0.6]),
    duplicate: random.choose([0, 0.1]),
    skew: weights.map(() => (skewed ? random.int(-100, 100) : random.int(-5, 5))),
    exec: weights.map(() => (random.chance(0.15) ? random.int(100, 600) : random.int(0, 20))),
    persistMs: random.choose([0, 2, 10]),
    faultsUntil,
    crashes: crashesOf(random, n, faultsUntil, lostNode),
    partitions: partitionsOf(random, n, faultsUntil),
    payload: payloadOf(random, n, faultsUntil),
    lateStart: new Map(n > 1 && random.chance(0.15) ? [[random.int(0, n - 1), random.int(1_000, faultsUntil)]] : []),
    newHeights: 8,
    patienceMs: 400_000,
    wiring: {},
  };
}

/** Random validators whose stake together is below a third. */
function pickBelowThird(random: Random, weights: readonly bigint[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0n);
  const out: number[] = [];
  let sum = 0n;
  for (const i of random.shuffle(weights.map((_, k) => k))) {
    if (3n * (sum + (weights[i] as bigint)) >= total) continue;
    sum += weights[i] as bigint;
    out.push(i);
  }
  return out;
}

function crashesOf(random: Random, n: number, until: number, lostNode: number | undefined): Scenario["crashes"] {
  const out: Scenario["crashes"] = [];
  const count = random.choose([0, 1, 2, 4, 8]);
  for (let i = 0; i < count; i++)
    out.push({
      at: random.int(50, until),
      node: random.int(0, n - 1),
      afterEffects: random.int(0, 25),
      downFor: random.int(20, 2_000),
      log: "kept",
      chain: "kept",
    });
  if (lostNode !== undefined)
    out.push({
      at: random.int(500, until),
      node: lostNode,
      afterEffects: random.int(0, 25),
      downFor: random.int(20, 1_000),
      log: "lost",
      chain: random.chance(0.5) ? "kept" : "lost",
    });
  return out;
}

function partitionsOf(random: Random, n: number, until: number): Scenario["partitions"] {
  const count = random.choose([0, 0, 1, 2]);
  return Array.from({ length: count }, () => {
    const from = random.int(0, until - 500);
    return { from, until: Math.min(until, from + random.int(200, 3_000)), side: Array.from({ length: n }, () => random.chance(0.5)) };
  });
}

function payloadOf(random: Random, n: number, until: number): Scenario["payload"] {
  const out: Scenario["payload"] = [];
  for (let i = 0; i < 2 * n; i++)
    out.push({ at: random.int(0, until), node: random.int(0, n - 1), level: random.choose(["none", "some", "some", "full"]) });
  for (let i = 0; i < n; i++) out.push({ at: until, node: i, level: "some" });
  return out;
}

export function withControls(s: Scenario, controls: Controls): Scenario {
  return { ...s, params: { ...s.params, controls: { ...s.params.controls, ...controls } } };
}
