/**
 * Arranged seeds. Most seeds are drawn at large (`scenario.ts`); these put one kind of trouble into an otherwise quick and quiet
 * network, so that nothing else hides what it does and a few seconds of a run are dense with it. Each kind stands in the first
 * dozen seeds already.
 */
import type { Random } from "./random.ts";
import type { Behaviour, Scenario } from "./scenario.ts";

const SABOTEURS: readonly Behaviour[] = [
  "wrongHeader",
  "misproposer",
  "secondThought",
  "saboteur",
  "misproposer",
  "meddler",
  "badJustification",
  "badVotes",
];

export function arrange(seed: number, s: Scenario, random: Random): Scenario {
  if (s.bls) return s;
  if (seed % 3 === 1) return sabotaged(seed, quiet(s, random), random);
  if (seed % 6 === 3) return restarting(seed, quiet(s, random), random);
  if (seed % 6 === 5) return isolated(quiet(s, random), random);
  if (seed % 12 === 8) return forgetting(quiet(s, random), random);
  if (seed % 12 === 2) return calm(seed, quiet(s, random), random);
  return s;
}

/** Four validators, small delays, nothing lost, short epochs. */
function quiet(s: Scenario, random: Random): Scenario {
  const intervalMs = random.choose([0, 50, 100]);
  return {
    ...s,
    weights: random.choose([
      [100n, 100n, 100n, 100n],
      [100n, 100n, 100n, 100n],
      [90n, 100n, 110n, 120n, 80n],
    ]),
    params: {
      ...s.params,
      deltaMs: 50,
      intervalMs,
      idleIntervalMs: random.choose([intervalMs, 400]),
      epochLength: random.choose([3, 4, 6, 12]),
      instant: false,
    },
    byzantine: new Map(),
    delay: random.choose([
      [1, 3],
      [1, 12],
      [5, 25],
    ]),
    reorder: 0,
    loss: 0,
    duplicate: random.choose([0, 0.1]),
    skew: [0, 1, 2, 3, 4].map(() => random.int(-15, 15)),
    exec: [0, 1, 2, 3, 4].map(() => random.int(0, 10)),
    faultsUntil: 4_000,
    crashes: [],
    partitions: [],
    lateStart: new Map(),
    payload: payload(random, 4_000),
    patienceMs: 30_000,
  };
}

function payload(random: Random, until: number): Scenario["payload"] {
  const levels = ["none", "some", "full"] as const;
  const out: Scenario["payload"] = [];
  for (let at = 0; at < until; at += 150) out.push({ at, node: random.int(0, 3), level: random.choose(levels) });
  for (let node = 0; node < 5; node++) out.push({ at: until, node, level: "some" });
  return out;
}

/** One Byzantine validator; execution is slow at times, so that heights without a result come into play. */
function sabotaged(seed: number, s: Scenario, random: Random): Scenario {
  const behaviour = SABOTEURS[Math.floor(seed / 3) % SABOTEURS.length] as Behaviour;
  // Results that are there before their heights may be used, and results that lag by more than 2D.
  const slow = behaviour === "wrongHeader" ? Math.floor(seed / 24) % 2 === 1 : random.chance(0.3);
  const params = behaviour === "wrongHeader" ? { ...s.params, intervalMs: 50, idleIntervalMs: 50 } : s.params;
  // A last block of an epoch that stays notarized is proposed again and again: the place for wrong ones.
  const withheld =
    behaviour === "misproposer" && seed % 2 === 0 ? { withheld: "finalize" as const, faultsUntil: 2_500, patienceMs: 120_000 } : {};
  return {
    ...s,
    ...withheld,
    params,
    byzantine: new Map([[random.int(0, 3), behaviour]]),
    exec: s.exec.map((ms) => (slow ? random.int(100, 300) : ms)),
  };
}

/** Everybody crashes often, sometimes all at once; one in two such seeds has a validator that loses its log. */
function restarting(seed: number, s: Scenario, random: Random): Scenario {
  const crashes: Scenario["crashes"] = [];
  const kept = { log: "kept", chain: "kept" } as const;
  for (let at = 100; at < s.faultsUntil; at += random.int(40, 250))
    crashes.push({ at, node: random.int(0, 3), afterEffects: random.int(0, 12), downFor: random.int(5, 150), ...kept });
  for (const at of [random.int(500, 1_500), random.int(2_000, 3_500)])
    for (let node = 0; node < s.weights.length; node++)
      crashes.push({ at, node, afterEffects: random.int(0, 3), downFor: random.int(5, 100), ...kept });
  if (seed % 12 === 3)
    for (const at of [700, 1_700, 2_700])
      crashes.push({
        at,
        node: 0,
        afterEffects: random.int(0, 12),
        downFor: random.int(5, 60),
        log: "lost",
        chain: random.choose(["kept", "lost"]),
      });
  return {
    ...s,
    crashes,
    loss: random.choose([0, 0.1]),
    persistMs: random.choose([0, 2, 10]),
    exec: s.exec.map(() => random.choose([5, 5, 150])),
    patienceMs: 60_000,
  };
}

/**
 * One validator is ahead of everybody and then forgets it: for a while it alone hears votes and certificates, loses its log after one
 * of its next votes, and asks where everybody stands before they hear of what it had. Again and again, in epochs as short as one
 * height, so that this falls on an epoch's first views as often as on others.
 */
function forgetting(s: Scenario, random: Random): Scenario {
  const n = s.weights.length;
  const node = random.int(0, n - 1);
  // Or others come back with their logs and without their chains: the rounds where they stand are below their votes.
  const beneath = random.chance(0.4);
  const crashes: Scenario["crashes"] = [];
  const eclipses: NonNullable<Scenario["eclipses"]> = [];
  for (let from = random.int(100, 300); from < s.faultsUntil; ) {
    const until = from + random.int(300, 700);
    const afterVote = { times: random.int(1, 4) };
    const chain = beneath || random.chance(0.8) ? "kept" : "lost";
    if (beneath) {
      const other = (node + random.int(1, n - 1)) % n;
      crashes.push({ at: from, node: other, afterVote: {}, afterEffects: 0, downFor: random.int(5, 30), log: "kept", chain: "lost" });
    }
    eclipses.push({ from, until, hears: node });
    crashes.push({ at: from, node, afterVote, afterEffects: random.int(0, 3), downFor: random.int(5, 30), log: "lost", chain });
    from = until + random.int(50, 200);
  }
  const intervalMs = random.choose([0, 0, 50]);
  const params = { ...s.params, epochLength: random.choose([1, 1, 2, 3]), intervalMs, idleIntervalMs: intervalMs };
  return { ...s, params, crashes, eclipses, persistMs: random.choose([0, 2]), patienceMs: 60_000 };
}

/** One validator after the other is cut off for a while and comes back, whole epochs behind; one starts late. */
function isolated(s: Scenario, random: Random): Scenario {
  const n = s.weights.length;
  const partitions = [0, 1, 2].map((i) => {
    const alone = random.int(0, n - 1);
    const from = 300 + 1_200 * i;
    return { from, until: from + random.int(300, 900), side: s.weights.map((_, node) => node === alone) };
  });
  const lateStart = random.chance(0.5) ? new Map([[random.int(0, n - 1), random.int(500, 3_000)]]) : s.lateStart;
  return { ...s, partitions, lateStart, loss: random.choose([0, 0.05, 0.2]) };
}

/** Nothing is wrong: no view is nullified, and blocks come as fast as the network carries them. */
function calm(seed: number, s: Scenario, random: Random): Scenario {
  const delay: Scenario["delay"] = random.choose([
    [1, 3],
    [1, 10],
  ]);
  // Of three equal ones two are exactly 2/3: no quorum.
  const weights = seed % 24 === 2 ? [100n, 100n, 100n] : s.weights;
  return { ...s, weights, delay, duplicate: 0, payload: [], persistMs: random.choose([0, 2]), faultsUntil: 800, calm: true };
}
