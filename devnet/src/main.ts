/** `npm run devnet`. */
import { isNoemaError } from "@noema/core/errors";
import { banner } from "./banner.ts";
import { describeDevnet, writeConfigOut } from "./config-out.ts";
import { createDevnet, type Devnet } from "./devnet.ts";
import { type DevnetOptions, devnetCommand } from "./options.ts";
import { watchValidators } from "./watch.ts";

const PROGRESS_MS = 2000;

async function main(): Promise<void> {
  const started = Date.now();
  const options = devnetCommand().parse().opts() as DevnetOptions;
  const quiet = options.silent || options.json;
  const say = (line: string) => {
    if (!quiet) process.stdout.write(`${line}\n`);
  };
  const progress = setInterval(
    () => say(`starting ${options.validators} validators ... ${Math.round((Date.now() - started) / 1000)} s`),
    PROGRESS_MS,
  );
  const devnet = await createDevnet(options, {
    onBlock: (block) => say(`block ${block.height}: ${block.txs} transaction${block.txs === 1 ? "" : "s"}, ${block.gasUsed} gas`),
  }).finally(() => clearInterval(progress));
  const unwatch = watchValidators(devnet, say);
  stopOnSignal(devnet, unwatch, say); // before anybody is told that it runs: whoever is told may end it at once
  if (options.configOut !== undefined) writeConfigOut(options.configOut, devnet);
  if (options.json) process.stdout.write(`${JSON.stringify(describeDevnet(devnet))}\n`);
  say(banner(devnet, Date.now() - started));
}

function stopOnSignal(devnet: Devnet, unwatch: () => void, say: (line: string) => void): void {
  let stopping = false;
  setInterval(() => {}, 2 ** 30); // also when no validator is its child any more, it is here to end them
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    unwatch();
    say("\nstopping ...");
    await devnet.stop();
    say(`stopped; what happened is kept in ${devnet.datadir}: the same command goes on from there`);
    process.exit(0);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

main().catch((error) => {
  process.stderr.write(`noema devnet: ${isNoemaError(error) ? `${error.message} (${error.code})` : (error?.stack ?? error)}\n`);
  process.exit(1);
});
