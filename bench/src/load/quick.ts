/** `bench quick`: is this checkout as fast as it was? By ratios to anvil, in 45 s. */
import { createProgress } from "@noema/node/cli/progress";
import { machineNow } from "../machine.ts";
import { alternate, announce, COMMON_LOAD, conclude } from "./alternate.ts";
import { writeRecord } from "./record.ts";
import type { RunResult } from "./result.ts";
import { transfers } from "./scenarios/transfers.ts";
import { openSession, type Session } from "./session.ts";
import { accountOf } from "./sign/keys.ts";
import { signWorkload, type Workload } from "./sign/workload.ts";
import { startNoema } from "./targets/noema.ts";
import { anvilPath, startAnvil } from "./targets/peers.ts";
import type { Target } from "./targets/target.ts";

export type QuickOptions = { noema: string; seed: number; record: boolean; out?: string; json: boolean };

/** Long enough for three blocks of anvil's, short enough for all of them in 45 s. */
const RUN_S = 3.3;
/** All have the same transactions; anvil, with the most runs, sends a third of them in each. */
const COUNT = 75_000;
const PACE = { seconds: RUN_S, most: COUNT / 3 };
/** Of a devnet and of anvil. */
const CHAIN_ID = 31337;
/** The set-up for blobs, 2 s of CPU a validator, is loaded after the runs: it would fall into some of them, by how soon they begin. */
const FLAGS = ["--da-prepare-after-ms", String(10 * 60_000)];

export async function quick(o: QuickOptions): Promise<void> {
  const progress = createProgress(o.json ? { write() {} } : process.stdout);
  const machine = machineNow(o.noema);
  const at = new Date().toISOString();
  announce(machine, o.seed, progress);
  const anvil = anvilPath();
  if (anvil === undefined) progress.say("anvil is not installed (`bench peers` installs it): no ratios to it");
  const load = { ...COMMON_LOAD, seed: o.seed, count: COUNT };
  const running: Target[] = [];
  const start = async (starting: Promise<Target>, signed: Promise<Workload>): Promise<Session> => {
    const target = await starting;
    running.push(target);
    return openSession(target, transfers, load, signed);
  };
  const devnet = (validators: number) => startNoema({ checkout: o.noema, validators, asyncSend: true, flags: FLAGS, syncDelayMs: 0 });
  const runs: RunResult[] = [];
  try {
    const signed = sign(o.seed);
    const opening = Promise.all([start(devnet(1), signed), ...(anvil === undefined ? [] : [start(startAnvil(anvil), signed)])]);
    const [one, other] = await progress.during((s) => `starting nodes, signing ${COUNT} transactions ... ${s} s`, opening);
    const beside = other === undefined ? [] : [other];
    runs.push(...(await alternate([...beside, one as Session, ...beside, one as Session], PACE, progress)));
    const replace = (one as Session).target.stop().then(() => start(devnet(4), signed));
    const four = await progress.during((s) => `four validators instead of one ... ${s} s`, replace);
    runs.push(...(await alternate([four, ...beside, four], PACE, progress)));
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, Promise.all(running.map((x) => x.stop())));
  }
  const result = conclude({ seed: o.seed, out: o.out, json: o.json, command: "quick", machine, at, runs }, progress);
  if (o.record) progress.say(`written: ${writeRecord(result)}`);
}

/** Both chains are fresh and have one id, so that all get the same bytes. */
async function sign(seed: number): Promise<Workload> {
  const accounts = Array.from({ length: COMMON_LOAD.senders }, (_, i) => accountOf(seed, "sender", i));
  const call = await transfers.prepare({ seed, senders: accounts });
  const { maxFeePerGas } = COMMON_LOAD;
  return signWorkload(call, { accounts, nonces: accounts.map(() => 0), chainId: CHAIN_ID, maxFeePerGas, count: COUNT });
}
