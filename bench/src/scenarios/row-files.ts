/** `bench row-files`: what a node's rows cost at its start, and to read. */
import { createProgress } from "@noema/node/cli/progress";
import { describeMachine } from "../machine.ts";
import { measureRowFiles, type Opening, type RowFilesOptions } from "../row-files/measure.ts";

export async function rowFiles(options: RowFilesOptions): Promise<void> {
  const progress = createProgress();
  progress.say(describeMachine());
  let written = 0;
  const measuring = measureRowFiles(options, (bytes) => {
    written = bytes;
  });
  const { bytes, rows, indexed, scanned, readMs, readFds } = await progress.during(
    (s) => `${(written / 1e9).toFixed(2)} of ${options.gigabytes} GB written ... ${s} s`,
    measuring,
  );
  const line = (name: string, { ms, cpuMs, blockedMs, fds }: Opening) =>
    `${name.padEnd(28)}  ${ms.toFixed(1)} ms, ${cpuMs.toFixed(1)} ms of CPU, thread blocked ${blockedMs.toFixed(1)} ms, ${fds} descriptors`;
  progress.say(`${(bytes / 1e9).toFixed(2)} GB in ${rows} rows, one bucket, files in the page cache`);
  progress.say(line("opened, and one row read", indexed));
  progress.say(line("scanned, as a log is", scanned));
  const each = (readMs * 1000) / options.reads;
  progress.say(
    `${options.reads} rows read in no order: ${each.toFixed(0)} µs each, ${((options.reads * bytes) / rows / 1000 / readMs).toFixed(0)} MB/s, ${readFds} descriptors`,
  );
}
