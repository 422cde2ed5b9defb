/** What a devnet of four costs without traffic: CPU, memory, disk (the budget: 10 % of a core, 1.2 GB, 25 MB an hour, in all). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startDevnet } from "@noema/devnet/devnet";
import { counted } from "@noema/devnet/words";
import { createProgress } from "@noema/node/cli/progress";
import { createSyncCounter } from "../load/cost/syncs.ts";
import { createClient } from "../load/observe/client.ts";
import { cpuSeconds, diskBytes, memoryBytes, residentBytes } from "../usage.ts";

const MB = 1e6;

/** `settle` seconds are not counted: stores grow to their working size (history of 128 blocks at 2 s each is full after 256 s). */
export async function idle(options: { seconds: number; settle: number; validators: number }): Promise<void> {
  const datadir = mkdtempSync(join(tmpdir(), "noema-idle-"));
  const progress = createProgress();
  const syncs = createSyncCounter(0);
  Object.assign(process.env, syncs?.env); // the validators are children of this process
  const devnet = await progress.during(
    (s) => `starting ${counted(options.validators, "validator")} ... ${s} s`,
    startDevnet({ datadir, port: 0, metricsPort: 0, validators: options.validators }),
  );
  if (syncs !== undefined) delete process.env.LD_PRELOAD;
  const client = await createClient(devnet.rpcUrls[0] as string);
  /** Of consensus: the chain has no block without transactions. */
  const blocks = async () => Number((await client.ask<{ consensusHeight: string }>("noema_consensusStatus")).consensusHeight);
  const pids = devnet.validators.map((x) => x.pid);
  const sum = (f: (pid: number) => number) => pids.reduce((total, pid) => total + f(pid), 0);
  try {
    await progress.during((s) => `settling ... ${s} of ${options.settle} s`, sleep(options.settle * 1000));
    const disk = diskBytes(datadir);
    const before = { blocks: await blocks(), syncs: syncs?.total() ?? 0 };
    for (let rest = options.seconds; rest > 0; ) {
      const slice = Math.min(30, rest);
      const cpu = sum(cpuSeconds);
      await progress.during((s) => `measuring ... ${options.seconds - rest + s} of ${options.seconds} s`, sleep(slice * 1000));
      rest -= slice;
      const percent = (100 * (sum(cpuSeconds) - cpu)) / slice;
      progress.say(
        `cpu ${percent.toFixed(1)} % of a core, memory ${(sum(memoryBytes) / MB).toFixed(0)} MB (resident ${(sum(residentBytes) / MB).toFixed(0)} MB)`,
      );
    }
    const growth = diskBytes(datadir) - disk;
    progress.say(
      `disk ${(growth / MB).toFixed(2)} MB in ${options.seconds} s = ${((growth / MB) * (3600 / options.seconds)).toFixed(1)} MB an hour`,
    );
    const made = (await blocks()) - before.blocks;
    if (syncs !== undefined)
      progress.say(`${((syncs.total() - before.syncs) / made / pids.length).toFixed(1)} syncs a block and validator, ${made} blocks`);
  } finally {
    client.close();
    syncs?.remove();
    await progress.during((s) => `stopping ... ${s} s`, devnet.stop());
    rmSync(datadir, { recursive: true, force: true });
  }
}
