/** What a devnet of four costs without traffic: CPU, memory, disk (the budget: 10 % of a core, 1.2 GB, 25 MB an hour, in all). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDevnet } from "@noema/devnet/devnet";
import { cpuSeconds, diskBytes, memoryBytes, residentBytes } from "../usage.ts";

const MB = 1e6;

/** `settle` seconds are not counted: stores grow to their working size (history of 128 blocks at 2 s each is full after 256 s). */
export async function idle(options: { seconds: number; settle: number; validators: number }): Promise<void> {
  const datadir = mkdtempSync(join(tmpdir(), "noema-idle-"));
  const devnet = await createDevnet({ datadir, port: 0, metricsPort: 0, validators: options.validators });
  const pids = devnet.validators.map((x) => x.pid);
  const sum = (f: (pid: number) => number) => pids.reduce((total, pid) => total + f(pid), 0);
  try {
    process.stdout.write(`settling for ${options.settle} s ...\n`);
    await sleep(options.settle * 1000);
    const disk = diskBytes(datadir);
    for (let rest = options.seconds; rest > 0; ) {
      const slice = Math.min(30, rest);
      const cpu = sum(cpuSeconds);
      await sleep(slice * 1000);
      rest -= slice;
      const percent = (100 * (sum(cpuSeconds) - cpu)) / slice;
      process.stdout.write(
        `cpu ${percent.toFixed(1)} % of a core, memory ${(sum(memoryBytes) / MB).toFixed(0)} MB (resident ${(sum(residentBytes) / MB).toFixed(0)} MB)\n`,
      );
    }
    const growth = diskBytes(datadir) - disk;
    process.stdout.write(
      `disk ${(growth / MB).toFixed(2)} MB in ${options.seconds} s = ${((growth / MB) * (3600 / options.seconds)).toFixed(1)} MB an hour\n`,
    );
  } finally {
    await devnet.stop();
    rmSync(datadir, { recursive: true, force: true });
  }
}
