/** `noema snapshot`. */
import { Command } from "commander";
import { createProgress } from "../progress.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

export function command(): Command {
  const create = new Command("create")
    .description("Copies chain and state of a node, which may run, into a new folder. Neither keys nor what they signed are in it.")
    .requiredOption("--datadir <folder>", "the node's folder, in which its config.json lies")
    .requiredOption("--out <folder>", "the folder to make")
    .action(async ({ datadir, out }: { datadir: string; out: string }) => {
      const { createSnapshot } = await import("./create.ts");
      const progress = createProgress(process.stderr);
      const { height, files } = await progress.during((s) => `copying ... ${s} s`, createSnapshot(datadir, out));
      say(
        `${out}: height ${height}, ${files.chain.bytes + files.state.bytes} bytes; chain ${files.chain.sha256}, state ${files.state.sha256}`,
      );
    });
  const restore = new Command("restore")
    .description(
      "Gives a stopped node's folder the chain and the state of a snapshot. A validator keeps its own record of what it signed, and votes again once the others have told how far it did. Take a snapshot of whom you trust: sums show that it is what was written, not that it is true.",
    )
    .argument("<folder>", "the snapshot")
    .requiredOption("--datadir <folder>", "the node's folder, as noema init makes it")
    .action(async (from: string, { datadir }: { datadir: string }) => {
      const { restoreSnapshot } = await import("./restore.ts");
      const progress = createProgress(process.stderr);
      const { height } = await progress.during((s) => `restoring ... ${s} s`, restoreSnapshot(from, datadir));
      say(`${datadir} is at height ${height}: start the node, it fetches what came since`);
    });
  return new Command("snapshot").description("Copies of a node's chain and state.").addCommand(create).addCommand(restore);
}
