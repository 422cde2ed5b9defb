/** `noema model`: from a model of others to a contract that calls it (docs/models.md). */
import { integer } from "@noema/core/arguments";
import { Command } from "commander";
import type { ConvertFlags } from "./commands/convert.ts";

const json = ["--json", "print one JSON object"] as const;

export function command(): Command {
  const model = new Command("model")
    .description("Brings models of others on chain, and looks at those that are.")
    .hook("preAction", standWhereAsked);
  model
    .command("convert")
    .description("ONNX and tfjs to .nmodel, with a report of what the integers cost")
    .argument("<file>", "a model that ends in .onnx, or the model.json of tfjs with its shards beside it")
    .option("--out <file>", "the file to write; its report lies beside it, as .json")
    .option(
      "--calibration <file>",
      "inputs as they will come, a .npy of [n, ...]: some tens tell the ranges; needed unless the model is quantised",
    )
    .option("--test <file>", "other inputs to compare int8 and float with, likewise")
    .option("--test-labels <file>", "their right answers, a .npy of whole numbers")
    .option("--input-shape <value>", "of an input that the model leaves open: 1,3,224,224")
    .option("--labels <file>", "names of the output's elements, one a line: a classifier's")
    .option("--description <words>", "what the model does, for people")
    .option("--encoding <words>", "how its input is made of what people have")
    .option("--keep-softmax", "keep a softmax at the end; without it scores are finer, and in the same order", false)
    .option("--stretch", "finer steps for channels of small numbers: only where the calibration shows the largest there will be", false)
    .option("--force", "overwrite files that exist", false)
    .action(async (file: string, flags: ConvertFlags) => (await import("./commands/convert.ts")).convert(file, flags));
  model
    .command("inspect")
    .description("a model's figures, and each operator's share of its gas")
    .argument("<file>", "a .nmodel file")
    .option(...json, false)
    .action(async (file: string, flags: { json: boolean }) => (await import("./commands/inspect.ts")).inspect(file, flags));
  model
    .command("run")
    .description("a model's answers, as the precompile gives them")
    .argument("<file>", "a .nmodel file")
    .requiredOption("--input <file>", "a .npy of [n, ...], reals or int8, or the bytes of inputs, one after the other")
    .option("--record <file>", "write calls and answers for simulators without the precompile (docs/models.md)")
    .option(...json, false)
    .action(async (file: string, flags: { input: string; json: boolean; record?: string }) =>
      (await import("./commands/run.ts")).run(file, flags),
    );
  model
    .command("bench")
    .description("how long a call takes here")
    .argument("<file>", "a .nmodel file")
    .option("--seconds <n>", "how long to measure", integer(1, 600), 3)
    .option(...json, false)
    .action(async (file: string, flags: { seconds: number; json: boolean }) => (await import("./commands/bench.ts")).bench(file, flags));
  model
    .command("bind")
    .description("a Solidity library and a TypeScript module for viem, typed for one model")
    .argument("<file>", "a .nmodel file; the .json beside it has labels and scales")
    .option("--out <folder>", "where they go", ".")
    .option("--force", "overwrite files that exist", false)
    .action(async (file: string, flags: { out: string; force: boolean }) => (await import("./commands/bind.ts")).bind(file, flags));
  return model;
}

/** `npm --prefix` runs in the repository's folder, but the files that a user names lie where the user stands. */
function standWhereAsked(): void {
  const { npm_lifecycle_event: script, INIT_CWD: asked } = process.env;
  if (script === "noema" && asked !== undefined) process.chdir(asked);
}
