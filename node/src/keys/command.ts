/** `noema keys`. */
import { integer } from "@noema/core/arguments";
import { Command, Option } from "commander";

const MAX_INDEX = 2 ** 32 - 1;
const MAX_COUNT = 10_000;

/** Where they lie, and what opens them. */
function onKeys(name: string, summary: string, description: string): Command {
  return new Command(name)
    .summary(summary)
    .description(description)
    .requiredOption("--datadir <folder>", "the node's folder: keys lie in its keys/");
}

const PASSWORD = ["--password-file <file>", "holds the password of the keystores; its owner alone may read it"] as const;
const kdf = () => new Option("--kdf <name>", "what makes a key of the password").choices(["scrypt", "pbkdf2"]).default("scrypt");

export function command(): Command {
  return new Command("keys")
    .description(
      "A validator's keys: made from words, imported, exported, listed. Keystores are those of EIP-2335; secrets come from files alone.",
    )
    .addCommand(
      onKeys(
        "new",
        "derive keys from a mnemonic",
        "Keystores from a mnemonic (EIP-2333, EIP-2334). Where its file does not exist, a new mnemonic of 24 words is written there: keep it, it is the backup.",
      )
        .requiredOption("--mnemonic-file <file>", "the words; its owner alone may read it")
        .requiredOption(...PASSWORD)
        .option("--index <n>", "of the first key", integer(0, MAX_INDEX), 0)
        .option("--count <n>", "keys to derive", integer(1, MAX_COUNT), 1)
        .addOption(kdf())
        .action(async (options) => (await import("./cli/new.ts")).newKeys(options)),
    )
    .addCommand(
      onKeys("import", "bring keystores along", "Copies keystores of EIP-2335, each opened once to see that the password is theirs.")
        .argument("<files...>", "keystores, or folders of them")
        .requiredOption(...PASSWORD)
        .option(
          "--never-signed",
          "none of them has signed anything anywhere: they may sign here without `slashing-protection import`",
          false,
        )
        .action(async (files, options) => (await import("./cli/import.ts")).importKeys(files, options)),
    )
    .addCommand(
      onKeys(
        "export",
        "write a keystore for another machine",
        "Writes one key as a keystore, under the same password or another. A key that has voted moves together with `noema slashing-protection export`.",
      )
        .requiredOption("--out <file>", "the keystore to write")
        .option("--key <hex>", "its public key, where there are several")
        .option(...PASSWORD)
        .option("--new-password-file <file>", "holds the password of what is written (default: the same)")
        .addOption(kdf())
        .action(async (options) => (await import("./cli/export.ts")).exportKey(options)),
    )
    .addCommand(
      onKeys("list", "show public keys", "The public keys that lie there, each with its file.")
        .option("--json", "print them as JSON", false)
        .action(async (options) => (await import("./cli/list.ts")).listKeys(options)),
    );
}
