/** `noema slashing-protection`. */
import { Command } from "commander";

function place(name: string, summary: string, description: string): Command {
  return new Command(name)
    .summary(summary)
    .description(description)
    .requiredOption("--datadir <folder>", "the folder of the stopped validator")
    .option("--key <hex>", "its public key, where there are several");
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

export function command(): Command {
  return new Command("slashing-protection")
    .description(
      "What a key has signed, so that it moves to another machine without a contradiction (EIP-3076). The key itself: noema keys export.",
    )
    .addCommand(
      place(
        "export",
        "let a key leave",
        "Writes what the key may have signed, and from then on the folder does not start with it: two machines never sign with one key.",
      )
        .requiredOption("--out <file>", "the interchange file to write")
        .action(async ({ out, ...from }) => say(await (await import("./move.ts")).exportProtection(from, out))),
    )
    .addCommand(
      place("import", "take a key over", "Bars the key from all that it may have signed elsewhere; before the first start with it.")
        .argument("<file>", "the interchange file")
        .action(async (file, to) => say(await (await import("./move.ts")).importProtection(to, file))),
    );
}
