/** What `noema devnet` does with its options. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { styleFor } from "@noema/node/cli/style";
import { systemClock as clock } from "@noema/node/clock";
import { replaceFile } from "@noema/node/files/write-file";
import { lockOwner } from "@noema/node/store/datadir-lock";
import { banner, SHOWN_ACCOUNTS } from "./banner.ts";
import { createBlockLines } from "./block-lines.ts";
import { describeDevnet, writeConfigOut } from "./config-out.ts";
import { type Devnet, type DevnetEvents, startDevnet } from "./devnet.ts";
import type { Explain } from "./explain-failure.ts";
import { askChain, type ChainNow } from "./facts.ts";
import type { DevnetOptions } from "./options.ts";
import { askReadiness } from "./readiness.ts";
import { keepState, loadStateFile, type StateFiles, stateFiles } from "./state-file.ts";
import { watchChain } from "./watch.ts";
import { counted } from "./words.ts";

export async function runDevnet(given: DevnetOptions): Promise<void> {
  if (!given.ephemeral) return run(given);
  const datadir = mkdtempSync(join(tmpdir(), "noema-devnet-"));
  try {
    await run({ ...given, datadir });
  } catch (error) {
    rmSync(datadir, { recursive: true, force: true });
    throw error;
  }
}

async function run(options: DevnetOptions): Promise<void> {
  const started = Date.now();
  if (options.configOut !== undefined) replaceFile(options.configOut).discard(); // what cannot be written is told before anything starts
  const files = stateFiles(options);
  const quiet = options.silent || options.json;
  const progress = createProgress(quiet ? { write() {} } : process.stdout);
  const { say } = progress;
  const style = styleFor(process.stdout);
  let rpc: string | undefined;
  const explain = options.artifacts === undefined ? undefined : await explainBy(options.artifacts, () => rpc);
  const onBlock = createBlockLines({ say, style, clock, columns: () => process.stdout.columns, explain });
  const onWarning = (line: string) => process.stderr.write(`noema devnet: ${line}\n`);
  const { devnet, now } = await progress.during(
    (s) => `starting ${counted(options.validators, "validator")} ... ${s} s`,
    start(options, files, { onBlock, onWarning }),
  );
  rpc = devnet.rpcUrls[0];
  const writeConfig = async () => {
    if (options.configOut !== undefined) await writeConfigOut(options.configOut, devnet);
  };
  const watch = watchChain({
    validators: devnet.validators.map(({ command, pid }, i) => ({ command, pid, rpcUrl: devnet.rpcUrls[i] as string })),
    ask: askReadiness,
    processOf: async (index) => (await lockOwner(devnet.folders[index] as string))?.pid,
    moved: writeConfig, // before anybody is told that one is back
    clock,
    ...(quiet ? { say: (line: string) => process.stderr.write(`${line}\n`), style: styleFor(process.stderr) } : { say, style }), // a halt is an error
  });
  for (const { index, exited } of devnet.validators) exited.then((how) => watch.ended(index, how));
  const keep = keepState(devnet.rpcUrls[0] as string, files.dump, options.stateInterval, onWarning);
  stopWhenAsked(devnet, { unwatch: watch.stop, keep }, progress); // before anybody is told that it runs: whoever is told may end it at once
  await writeConfig();
  if (options.json) process.stdout.write(`${JSON.stringify(await describeDevnet(devnet))}\n`);
  say(banner(devnet, now, Date.now() - started, style));
  (process as NodeJS.EventEmitter).emit("started"); // heard by the bundle's loader
}

async function explainBy(artifacts: string, rpc: () => string | undefined): Promise<Explain> {
  const { createExplain } = await import("./explain-failure.ts"); // which brings what decodes calls along
  return createExplain(artifacts, rpc);
}

async function start(
  options: DevnetOptions,
  files: StateFiles,
  { onBlock, onWarning }: DevnetEvents,
): Promise<{ devnet: Devnet; now: ChainNow }> {
  const devnet = await startDevnet(options, { onBlock, onWarning });
  const shown = devnet.accounts.slice(0, SHOWN_ACCOUNTS).map((x) => x.address);
  const rpcUrl = devnet.rpcUrls[0] as string;
  const ask = () => askChain(rpcUrl, shown);
  const now = await ask();
  if (files.load === undefined) return { devnet, now };
  // One that was stopped before it had loaded has no block yet.
  if (devnet.resumed && now.height > 0) {
    onWarning?.(`${devnet.datadir} goes on with its own state, not with that of ${files.load}: --fresh begins anew`);
    return { devnet, now };
  }
  try {
    await loadStateFile(rpcUrl, files.load);
    return { devnet, now: await ask() };
  } catch (error) {
    await devnet.stop();
    throw error;
  }
}

/** How a devnet ends beside its processes. `keep`: false, where it could not. */
type Ending = { unwatch(): void; keep(): Promise<boolean> };

/** By a signal, or by the end of the process that started this one to have a devnet while it lives, such as a test suite. */
function stopWhenAsked(devnet: Devnet, { unwatch, keep }: Ending, { say, during }: Progress): void {
  let stopping = false;
  setInterval(() => {}, 2 ** 30); // also when no validator is its child any more, it is here to end them
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    unwatch();
    say("");
    const ended = async () => {
      const kept = await keep();
      await devnet.stop();
      return kept;
    };
    const kept = await during((s) => `stopping ${counted(devnet.validators.length, "validator")} ... ${s} s`, ended());
    if (devnet.ephemeral) rmSync(devnet.datadir, { recursive: true, force: true });
    say(devnet.ephemeral ? "stopped" : `stopped; what happened is kept in ${devnet.datadir}: the same command goes on from there`);
    process.exit(kept ? 0 : 1);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("SIGHUP", stop); // its terminal was closed
  (process as NodeJS.EventEmitter).on("readerGone", stop); // told by the launcher: who read what it says, often by the same Ctrl-C
  process.on("disconnect", stop);
  if (process.connected === false) stop(); // it was gone before anybody listened
}
