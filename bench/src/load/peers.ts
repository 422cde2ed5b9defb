/** `bench peers`: the same load on a devnet, anvil and Hardhat, in turn. */
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { machineNow } from "../machine.ts";
import { alternate, announce, COMMON_LOAD, conclude } from "./alternate.ts";
import type { RunResult } from "./result.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { findScenario } from "./scenarios/table.ts";
import { openSession, type Session } from "./session.ts";
import { requirePeer } from "./targets/install.ts";
import { startNoema } from "./targets/noema.ts";
import { startAnvil, startHardhat } from "./targets/peers.ts";
import type { Target } from "./targets/target.ts";

export type PeersOptions = { noema: string; seed: number; scenario: string; seconds: number; rounds: number; out?: string; json: boolean };

/** A second's worth of the fastest. */
const RATE = 8_000;

export async function peers(o: PeersOptions): Promise<void> {
  const progress = createProgress(o.json ? { write() {} } : process.stdout);
  const scenario = findScenario(o.scenario);
  const machine = machineNow(o.noema);
  const at = new Date().toISOString();
  announce(machine, o.seed, progress);
  const paths = { anvil: await requirePeer("anvil", progress), hardhat: await requirePeer("hardhat", progress) };
  const running: Target[] = [];
  const runs: RunResult[] = [];
  try {
    const started = [() => startAnvil(paths.anvil), () => devnet(o.noema), () => startHardhat(paths.hardhat)];
    const sessions: Session[] = [];
    for (const start of started) sessions.push(await open(start, scenario, o, running, progress));
    for (let k = 0; k < o.rounds; k++) runs.push(...(await alternate(sessions, { seconds: o.seconds }, progress)));
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, Promise.all(running.map((x) => x.stop())));
  }
  conclude({ seed: o.seed, out: o.out, json: o.json, command: "peers", machine, at, runs }, progress);
}

const devnet = (checkout: string) => startNoema({ checkout, validators: 1, asyncSend: true, flags: [], syncDelayMs: 0 });

async function open(
  start: () => Promise<Target>,
  scenario: Scenario,
  o: PeersOptions,
  running: Target[],
  progress: Progress,
): Promise<Session> {
  const target = await progress.during((s) => `starting a node ... ${s} s`, start());
  running.push(target);
  const load = { ...COMMON_LOAD, seed: o.seed, count: Math.ceil(RATE * o.seconds) };
  return progress.during(
    (s) => `${target.name}: funding senders, signing ${load.count} transactions ... ${s} s`,
    openSession(target, scenario, load),
  );
}
