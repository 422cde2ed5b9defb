/** `bench mixed`: four validators on different stacks under mixed load, roots compared at every height, and a back end that fails in two ways. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { COMMON_LOAD } from "../load/alternate.ts";
import { benchError } from "../load/errors.ts";
import { erc20 } from "../load/scenarios/erc20.ts";
import { inference } from "../load/scenarios/inference.ts";
import { transfers } from "../load/scenarios/transfers.ts";
import { openSession, type Session } from "../load/session.ts";
import { describeMachine } from "../machine.ts";
import { findStack, OTHER_NODE } from "../stacks/stacks.ts";
import { type Faults, makeFaults } from "./faults.ts";
import { inferenceMetrics } from "./metrics.ts";
import { type Network, startStacks, type ValidatorStack } from "./network.ts";
import { type Roots, watchRoots } from "./roots.ts";
import { startWorker, type Worker } from "./worker.ts";

export type MixedOptions = { minutes: number; rate: number; seed: number; folder: string };

const SCENARIOS = [inference, transfers, erc20];
/** Of each kind of transaction; few, so that sending is no load of its own. */
const SENDERS = 20;

/** Resolves with whether the chain was one, nobody ended, and the faults were dealt with. */
export async function measureMixed(o: MixedOptions): Promise<boolean> {
  const progress = createProgress();
  const datadir = mkdtempSync(join(tmpdir(), "noema-mixed-"));
  progress.say(`${describeMachine()}; seed ${o.seed}`);
  const worker = await startWorker();
  let network: Network | undefined;
  try {
    const starting = startStacks(datadir, stacksOf(o.folder, worker.url, progress), (line) => progress.say(line));
    network = await progress.during((s) => `starting 4 validators ... ${s} s`, starting);
    return await underLoad(network, worker, o, progress);
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, Promise.all([network?.stop(), worker.stop()]));
    rmSync(datadir, { recursive: true, force: true });
  }
}

/** What is not there is said, and WASM takes its place. */
function stacksOf(folder: string, gpuWorker: string, progress: Progress): ValidatorStack[] {
  const node = process.execPath;
  const wasm = { name: `WASM, Node ${process.versions.node}`, node, flags: ["--backend", "wasm"], env: {} };
  const other = join(folder, OTHER_NODE, "bin", "node");
  const software = findStack("software", folder);
  if (!existsSync(other)) progress.say("no other Node: `bench stacks --install` fetches one");
  if ("missing" in software) progress.say(`no WGSL: ${software.missing}`);
  return [
    wasm,
    existsSync(other) ? { ...wasm, name: `WASM, ${OTHER_NODE}`, node: other } : wasm,
    "missing" in software ? wasm : { name: "WGSL, software Vulkan", node, flags: ["--backend", "webgpu"], env: software.env },
    { name: "a gpu-worker", node, flags: ["--backend", "remote", "--gpu-worker", gpuWorker], env: {} },
  ];
}

async function underLoad({ target, ended }: Network, worker: Worker, o: MixedOptions, progress: Progress): Promise<boolean> {
  const seconds = 60 * o.minutes;
  const rate = o.rate / SCENARIOS.length;
  const sessions: Session[] = [];
  for (const [i, scenario] of SCENARIOS.entries()) {
    const load = { ...COMMON_LOAD, batch: 1, senders: SENDERS, seed: o.seed + i, count: Math.ceil(rate * seconds) };
    sessions.push(await progress.during((s) => `funding senders of ${scenario.name} ... ${s} s`, openSession(target, scenario, load)));
  }
  const endRoots = await watchRoots(target.urls);
  const last = target.urls.length - 1;
  const work = Promise.all([
    makeFaults(worker, target.urls[last] as string, target.metricsUrls[last] as string, seconds),
    ...sessions.map((x) => x.run({ rate, window: 1, seconds })),
  ]);
  const [faults, ...runs] = await progress.during((s) => `mixed load ... ${s} of ${seconds} s`, work);
  const roots = await endRoots();
  for (const session of sessions) session.close();
  for (const { scenario, sent, included, finalizedMs } of runs)
    progress.say(`${scenario}: ${sent} sent, ${included} included, final after p50 ${ms(finalizedMs?.p50)}, p99 ${ms(finalizedMs?.p99)}`);
  for (const [i, url] of target.metricsUrls.entries()) {
    const { ahead, inline } = await inferenceMetrics(url);
    progress.say(`validator ${i}: ${ahead} results were there before their block, ${inline} computed in it`);
  }
  return verdict(roots, faults, ended(), progress);
}

const ms = (x: number | undefined) => `${x?.toFixed(0)} ms`;

function verdict(roots: Roots, { backAfterSeconds, blocksUntilOut }: Faults, ended: readonly string[], progress: Progress): boolean {
  progress.say(`worker gone and there again: served again ${backAfterSeconds.toFixed(1)} s after it was`);
  progress.say(`worker lying: out of service ${blocksUntilOut} blocks after its first wrong result`);
  progress.say(`${roots.compared} heights compared at four validators: ${roots.differences.length === 0 ? "one chain" : "DIFFERENT"}`);
  for (const line of [...roots.differences.slice(0, 5), ...ended]) progress.say(line);
  if (roots.compared < 2) throw benchError("BENCH_RUN_FAILED", "the chain made no blocks");
  return roots.differences.length === 0 && ended.length === 0 && blocksUntilOut <= 1;
}
