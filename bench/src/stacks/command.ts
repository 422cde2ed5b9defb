/** `noema bench stacks`. */
import { join } from "node:path";
import { integer } from "@noema/core/arguments";
import { repositoryRoot } from "@noema/node/paths";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { StacksOptions } from "./measure.ts";
import { STACKS, type StackName } from "./stacks.ts";

type CommandOptions = Omit<StacksOptions, "files"> & { install: boolean };

export function addStacks(bench: Command): void {
  bench
    .command("stacks")
    .description(
      "every model on six stacks, held equal: judge, WASM, on an emulated older x86 and ARM, WGSL in software and on a GPU; and a corrupt shader is caught",
    )
    .argument("[files...]", ".nmodel files, beside the models of this repository")
    .option("--install", "fetch emulators, a driver in software and a Node for ARM from Debian and npm into --folder, then run", false)
    .addOption(
      new Option("--seed <n>", "of random models and of inputs")
        .argParser(integer(0, 0x7fffffff))
        .default(Math.floor(Math.random() * 0x7fffffff), "a new one"),
    )
    .option("--inputs <n>", "of each model and stack", integer(1, 1_000_000), 2000)
    .option("--seconds <n>", "of computing, after which a cell ends where it is", integer(1, 86_400), 120)
    .addOption(new Option("--stacks <names>", `${STACKS.join(", ")}, with commas between`).argParser(stacksOf).default([...STACKS], "all"))
    .option("--only <words>", "models whose names have one of these, with commas between", (text) => text.split(","))
    .option("--folder <folder>", "what --install fills", join(repositoryRoot(), ".cache", "stacks"))
    .option("--webgpu <folder>", "in whose node_modules webgpu is", join(repositoryRoot(), "precompiles", "gpu"))
    .option("--record", "keep it in bench/records", false)
    .action(async (files: string[], { install, ...o }: CommandOptions) => {
      const { measureStacks } = await import("./measure.ts");
      if (install) (await import("./install.ts")).installStacks(o.folder, (line) => process.stdout.write(`${line}\n`));
      process.exitCode = (await measureStacks({ ...o, files })) ? 0 : 1;
    });
}

function stacksOf(text: string): StackName[] {
  return text.split(",").map((x) => {
    const found = STACKS.find((name) => name === x);
    if (found === undefined) throw new InvalidArgumentError(`names of ${STACKS.join(", ")} are expected`);
    return found;
  });
}
