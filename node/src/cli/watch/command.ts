/** `noema watch`. */
import { fromText, integer } from "@noema/core/option-table";
import { Command } from "commander";

const DEFAULT_URL = "http://127.0.0.1:8545";
const REDRAW = "\x1b[H\x1b[J";
const CLEAR = "\x1b[2J";

export function command(): Command {
  return new Command("watch")
    .description(
      "Watches one node or several over their RPC: height, lag behind the highest, view, peers, whom it hears, and of the certificates since the watch began how many have its vote. On a terminal a table that is drawn again, else a line of JSON for each node and look.",
    )
    .option("--rpc <urls>", "RPC URLs, with commas between them", DEFAULT_URL)
    .option("--interval <seconds>", "between two looks", (text) => fromText(integer(1, 3600), text) as number, 2)
    .option("--looks <n>", "end after so many (default: until it is interrupted)", (text) => fromText(integer(1, 2 ** 31), text) as number)
    .action(async ({ rpc, interval, looks = Number.POSITIVE_INFINITY }: { rpc: string; interval: number; looks?: number }) => {
      const { createObserver } = await import("./observe.ts");
      const { plainLine, table } = await import("./show.ts");
      const { styleFor } = await import("../style.ts");
      const { stdout } = process;
      const urls = rpc.split(",").map((x) => x.trim());
      const observer = createObserver(urls);
      if (stdout.isTTY) stdout.write(CLEAR);
      for (let i = 0; i < looks; i++) {
        const seen = await observer.look();
        const now = new Date().toISOString();
        if (stdout.isTTY) stdout.write(`${REDRAW}${table(seen, styleFor(stdout), stdout.columns)}\n${now}, Ctrl-C ends it\n`);
        else for (const x of seen) stdout.write(`${plainLine(now, x)}\n`);
        if (i + 1 < looks) await new Promise((resolve) => setTimeout(resolve, interval * 1000));
      }
    });
}
