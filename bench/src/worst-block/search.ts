/**
 * Searches for the block that takes longest for its gas: every attack as it stands, then a climb that changes one or two numbers of
 * one that is bad already and keeps what is worse, then the worst of each kind again with whole transactions.
 */
import type { Attack, Group, Point } from "./attack.ts";
import { type Chain, type Measured, TRANSACTION_GAS } from "./chain.ts";
import type { Random } from "./random.ts";

export type Finding = {
  group: Group;
  name: string;
  point: Point;
  /** Median of the runs. CPU time of the whole process: what one core would take. */
  nsPerGas: number;
  /** Smallest and largest of the runs. */
  range: [number, number];
  runs: number;
  /** Gas of a run. */
  gas: number;
};

export type SearchOptions = {
  attacks: readonly Attack[];
  chain: Chain;
  random: Random;
  /** For trying and climbing; the last part takes what it needs. */
  seconds: number;
  /** Gas of a try. */
  gas: number;
  /** Of the worst of each kind, at the end. */
  runs: number;
  /** How many of each kind are measured again. */
  keep: number;
  say(text: string): void;
};

type Standing = { attack: Attack; point: Point; nsPerGas: number; tries: number };

/** A first look, so that nothing takes minutes. */
const LOOK_GAS = 300_000;
/** A run of the last part takes no longer, as far as the tries say. */
const RUN_NS = 8e9;
/** Noise of one run: less than this is not worse. */
const MARGIN = 1.03;

export async function search(o: SearchOptions): Promise<Finding[]> {
  const end = performance.now() + o.seconds * 1000;
  const standings: Standing[] = [];
  for (const attack of o.attacks) {
    const point = Object.fromEntries(Object.entries(attack.axes).map(([axis, values]) => [axis, values[0] as number]));
    const nsPerGas = await tryOut(o, attack, point);
    standings.push({ attack, point, nsPerGas, tries: 1 });
    o.say(`${nsPerGas.toFixed(1).padStart(9)} ns/gas  ${attack.group}: ${attack.name} (${standings.length} of ${o.attacks.length})`);
  }
  while (performance.now() < end) {
    const standing = choose(o.random, standings);
    const point = change(o.random, standing);
    if (point === undefined) continue;
    const nsPerGas = await tryOut(o, standing.attack, point);
    standing.tries++;
    if (nsPerGas < standing.nsPerGas * MARGIN) continue;
    o.say(`${nsPerGas.toFixed(1).padStart(9)} ns/gas  ${standing.attack.group}: ${standing.attack.name} ${describePoint(point)}`);
    Object.assign(standing, { point, nsPerGas });
  }
  return confirm(o, standings);
}

/** One of the worse half of its own kind mostly, so that no kind is forgotten over the worst one. */
function choose(random: Random, standings: readonly Standing[]): Standing {
  const groups = [...new Set(standings.map((x) => x.attack.group))];
  const group = random.pick(groups);
  const ranked = standings.filter((x) => x.attack.group === group).sort((a, b) => b.nsPerGas - a.nsPerGas);
  return random.pick(random.below(4) === 0 ? ranked : ranked.slice(0, Math.ceil(ranked.length / 2)));
}

/** undefined: there is nothing to choose. */
function change(random: Random, { attack, point }: Standing): Point | undefined {
  const free = Object.entries(attack.axes).filter(([, values]) => values.length > 1);
  if (free.length === 0) return undefined;
  const next: Record<string, number> = { ...point };
  for (let i = 0; i <= random.below(2); i++) {
    const [axis, values] = random.pick(free);
    next[axis] = random.pick(values.filter((value) => value !== next[axis]));
  }
  return next;
}

async function tryOut(o: SearchOptions, attack: Attack, point: Point): Promise<number> {
  const look = nsPerGasOf(await once(o, attack, point, Math.min(LOOK_GAS, o.gas)));
  if (o.gas <= LOOK_GAS || look * o.gas > RUN_NS) return look;
  return nsPerGasOf(await once(o, attack, point, o.gas));
}

async function once({ chain }: SearchOptions, attack: Attack, point: Point, gas: number): Promise<Measured> {
  const txs = attack.build(point, chain, gas);
  await chain.settle();
  return chain.measure(txs);
}

/** The worst of each kind, with a transaction's whole gas where that is possible: some costs grow faster than gas. */
async function confirm(o: SearchOptions, standings: readonly Standing[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const seen = new Map<Group, number>();
  for (const { attack, point, nsPerGas } of [...standings].sort((a, b) => b.nsPerGas - a.nsPerGas)) {
    const count = seen.get(attack.group) ?? 0;
    seen.set(attack.group, count + 1);
    if (count >= o.keep) continue;
    const whole = Math.min(o.gas <= LOOK_GAS ? o.gas : TRANSACTION_GAS, Math.max(LOOK_GAS, Math.floor(RUN_NS / nsPerGas)));
    const runs: number[] = [];
    let gas = 0;
    for (let run = 0; run < o.runs; run++) {
      const measured = await once(o, attack, point, whole);
      gas = measured.gas;
      runs.push(nsPerGasOf(measured));
    }
    runs.sort((a, b) => a - b);
    const finding: Finding = {
      group: attack.group,
      name: attack.name,
      point,
      nsPerGas: runs[runs.length >> 1] as number,
      range: [runs[0] as number, runs.at(-1) as number],
      runs: runs.length,
      gas,
    };
    o.say(`${finding.nsPerGas.toFixed(1).padStart(9)} ns/gas  ${attack.group}: ${attack.name}, again with ${gas} gas`);
    findings.push(finding);
  }
  return findings.sort((a, b) => b.nsPerGas - a.nsPerGas);
}

function nsPerGasOf({ cpuMs, gas }: Measured): number {
  return (cpuMs * 1e6) / gas;
}

export function describePoint(point: Point): string {
  return Object.entries(point)
    .map(([axis, value]) => `${axis} ${value}`)
    .join(", ");
}
