/** `noema db`. */
import { Command } from "commander";
import { createProgress } from "../progress.ts";
import type { Finding } from "./check.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const place = (command: Command) => command.requiredOption("--datadir <folder>", "the node's folder, in which its config.json lies");

export function command(): Command {
  const check = place(new Command("check"))
    .description(
      "Reads a stopped node's stores and logs whole: blocks by their hashes, results against the headers that carry them, the state's values against its root, logs against their marks. Exit code 1 where something is wrong.",
    )
    .action(async ({ datadir }: { datadir: string }) => {
      const { checkDatadir } = await import("./check.ts");
      const { dbError } = await import("./errors.ts");
      const progress = createProgress(process.stderr);
      let at = "logs";
      const tell = async ({ where, wrong }: Finding) => {
        at = where;
        if (wrong !== undefined) say(`${where}: ${wrong}`);
        await new Promise((resolve) => setImmediate(resolve));
      };
      const found = await progress.during((s) => `checking ${at} ... ${s} s`, checkDatadir(datadir, tell));
      if (found > 0) throw dbError("DB_DAMAGED", `${found} things are wrong in ${datadir}`, { found });
      say(`${datadir}: nothing is wrong`);
    });
  const compact = place(new Command("compact"))
    .description("Gives a stopped node's disk back what its stores no longer use. Takes as much room as a store meanwhile.")
    .action(async ({ datadir }: { datadir: string }) => {
      const { compactStores } = await import("./compact.ts");
      const done = await createProgress(process.stderr).during((s) => `compacting ... ${s} s`, compactStores(datadir));
      for (const { store, before, after } of done) say(`${store}: ${before} bytes, now ${after}`);
    });
  const stats = place(new Command("stats"))
    .description("What takes a node's disk, in bytes: its stores by table, its logs. The node may run.")
    .option("--json", "print one JSON object", false)
    .action(async ({ datadir, json }: { datadir: string; json: boolean }) => {
      const { dbStats, shownStats } = await import("./stats.ts");
      const found = await dbStats(datadir);
      say(json ? JSON.stringify(found) : shownStats(found));
    });
  return new Command("db").description("A node's stores on its disk.").addCommand(check).addCommand(compact).addCommand(stats);
}
