/** One seed from start to verdict. */
import { toHex, u64le } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { digHoles } from "./holes.ts";
import { boot, crash, holdPayload } from "./node.ts";
import { arrange } from "./profiles.ts";
import { pop, push } from "./queue.ts";
import { createRandom } from "./random.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { createWorld, isHonest, Violation, type World } from "./world.ts";

export type Verdict = {
  seed: number;
  outcome: "passed" | "violation" | "stall" | "error";
  detail: string;
  /** Over every step and the final logs and chains. */
  digest: string;
  heights: number;
  epochs: number;
  messages: number;
  simulatedMs: number;
  scenario: Scenario;
};

/** One seed in 100 signs with real BLS. */
const BLS_EVERY = 100;
/** Checks and drafts take up to 3 ms each, and a final height of an epoch waits for its F. */
const CALM_EXTRA_MS = 20;
/** A run that never ends is a stall as well. */
const MAX_STEPS = 3_000_000;

export type RunOptions = {
  verbose?: boolean;
  /** In the place of the arrangement. */
  bend?: (s: Scenario) => Scenario;
  /** On top of it. */
  change?: (s: Scenario) => Scenario;
};

export async function runSeed(seed: number, options: RunOptions = {}): Promise<Verdict> {
  const random = createRandom(seed);
  const drawn = scenarioOf(random, seed % BLS_EVERY === 0);
  const bent = options.bend ? options.bend(drawn) : arrange(seed, drawn, random);
  const scenario = options.change ? options.change(bent) : bent;
  const w = createWorld(scenario, random, options.verbose === true);
  let outcome: Verdict["outcome"] = "passed";
  let detail = "";
  try {
    schedule(w);
    detail = await play(w);
    if (detail !== "") outcome = "stall";
  } catch (error) {
    outcome = error instanceof Violation ? "violation" : "error";
    detail = error instanceof Violation ? error.message : String(error instanceof Error ? error.stack : error);
  }
  const heights = w.checker.chain.length - 1;
  return {
    seed,
    outcome,
    detail,
    digest: digestOf(w),
    heights,
    epochs: Math.floor(heights / scenario.params.epochLength),
    messages: w.trace.messages,
    simulatedMs: w.now,
    scenario,
  };
}

function schedule(w: World): void {
  const { scenario } = w;
  if (scenario.holes) digHoles(w);
  for (const node of w.nodes) push(w.queue, scenario.lateStart.get(node.key) ?? 0, () => boot(w, node));
  for (const c of scenario.crashes)
    push(w.queue, c.at, () => {
      const node = w.nodes[c.node];
      if (node?.state === undefined) return;
      node.crashIn = { ...c };
      if (c.afterEffects === 0 && c.afterVote === undefined) crash(w, node);
    });
  for (const p of scenario.payload)
    push(w.queue, p.at, () => {
      for (const node of w.nodes) if (node.key === p.node) holdPayload(w, node, p.level);
    });
}

/** Until every live honest node has given out new heights after the faults ended; else what stalled. */
async function play(w: World): Promise<string> {
  const { faultsUntil, patienceMs, newHeights } = w.scenario;
  let goal: number | undefined;
  for (;;) {
    const next = pop(w.queue);
    if (next === undefined) return "nothing left to happen";
    w.now = next.at;
    next.run();
    while (w.pending.length > 0) await Promise.all(w.pending.splice(0));
    if (w.now < faultsUntil) continue;
    goal ??= w.checker.chain.length - 1 + newHeights;
    if (slowest(w) >= goal) return w.scenario.calm ? calmly(w) : "";
    if (w.now > faultsUntil + patienceMs || w.trace.steps > MAX_STEPS) return stalled(w, goal);
  }
}

/** A quiet network: a block costs two message delays (and signing, checking and writing), or the interval when that is longer. */
function calmly(w: World): string {
  if (w.checker.nullified.size > 0) return `nothing was wrong, and views ${[...w.checker.nullified].join(" ")} were nullified`;
  const { delay, params, persistMs } = w.scenario;
  const most = Math.max(params.intervalMs, 0) + 3 * (delay[1] + persistMs) + CALM_EXTRA_MS;
  const heights = w.checker.chain.length - 1;
  return w.now > most * (heights + 3) ? `${heights} heights took ${w.now} ms, each at most ${most}` : "";
}

/** Height given out by the honest node that is furthest behind. */
function slowest(w: World): number {
  let least = Number.MAX_SAFE_INTEGER;
  for (const node of w.nodes) if (isHonest(node)) least = Math.min(least, node.state === undefined ? -1 : node.givenOut);
  return least;
}

function stalled(w: World, goal: number): string {
  const where = w.nodes.map(
    (n) => `${n.id}${isHonest(n) ? "" : `(${n.behaviour})`}: ${n.state?.epoch}/${n.state?.view} h${n.givenOut} x${n.disk.roots.length - 1}`,
  );
  return `height ${goal} not reached by all within ${w.now - w.scenario.faultsUntil} ms: ${where.join(", ")}`;
}

function digestOf(w: World): string {
  const words = [w.now, w.trace.steps, w.trace.messages, ...w.nodes.flatMap((n) => [n.life, n.givenOut, n.disk.log.length])];
  return toHex(sha256(w.trace.digest, ...words.map(u64le), ...w.checker.chain.map((b) => b.hash)));
}
