/** `noema tool <name>`: what makes the committed artifacts, under the Node of the repository whatever Node is on the PATH. */
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command, Option } from "commander";
import { integer } from "../core/src/arguments.ts";
import { installOutside, OUTSIDE } from "../tools/install-outside.ts";

const MODELS = fileURLToPath(new URL("../precompiles/models", import.meta.url));
const GATE = fileURLToPath(new URL("../examples/gate", import.meta.url));

export function command(): Command {
  const tool = new Command("tool")
    .enablePositionalOptions()
    .description("Makes the committed artifacts again; slow tests hold them to their sources.");
  tool
    .command("errors")
    .description("docs/errors.md, from the packages' error tables")
    .action(async () => (await import("../tools/errors.ts")).writeErrors());
  tool
    .command("config")
    .description("docs/config.md, from the packages' tables of options")
    .action(async () => (await import("../tools/config-page.ts")).writeConfig());
  tool
    .command("rpc")
    .description("docs/rpc.md, from the descriptions of the methods")
    .action(async () => (await import("../tools/rpc-page.ts")).writeRpc());
  tool
    .command("cli")
    .description("docs/cli.md, from the commands")
    .action(async () => (await import("../tools/cli-page.ts")).writeCli());
  tool
    .command("metrics")
    .description("docs/metrics.md, from what a validator tells that is started for it")
    .action(async () => (await import("../tools/metrics-page.ts")).writeMetrics());
  tool
    .command("dashboards")
    .description("docs/operate/monitoring/*.json, from tools/monitoring")
    .action(async () => (await import("../tools/monitoring/write.ts")).writeDashboards());
  tool
    .command("licences")
    .description("docs/operate/licences.md, from package-lock.json")
    .action(async () => (await import("../tools/packaging/licences.ts")).writeLicences());
  tool
    .command("walls")
    .description("biome.json's import walls and ARCHITECTURE.md's table, from tools/walls.json")
    .action(async () => (await import("../tools/walls.ts")).writeWalls());
  tool
    .command("contracts")
    .description("Solidity to artifacts")
    .option("--check", "write nothing; fail when an artifact is not what its source compiles to", false)
    .action(async ({ check }: { check: boolean }) => {
      await installOutside("tools");
      (await import("../tools/contracts/compile.ts")).compileContracts(check);
    });
  tool
    .command("kernels")
    .description("AssemblyScript to the WASM of inference, of the EVM's arithmetic and of BLS12-381")
    .option("--check", "write nothing; fail when the committed bytes differ", false)
    .action(async ({ check }: { check: boolean }) => {
      await installOutside("tools");
      await (await import("../tools/kernels/build.ts")).writeKernels(check);
    });
  tool
    .command("known-answers")
    .description("what a back end of inference must answer before it serves")
    .action(async () => (await import("../tools/inference/known-answers.ts")).writeKnownAnswers());
  tool
    .command("native")
    .description("an optional add-on that recovers senders by this system's libsecp256k1; nodes that start from now on use it")
    .option("--libsecp256k1 <folder>", "of another libsecp256k1 than the system's: it has include and lib")
    .action(async ({ libsecp256k1 }: { libsecp256k1?: string }) => {
      const { ADD_ON, buildAddOn } = await import("../tools/native/build.ts");
      buildAddOn(ADD_ON, libsecp256k1);
      process.stdout.write(`${ADD_ON}\n`);
    });
  tool
    .command("gpu-tests")
    .description("the tests that need a GPU; the others skip them where there is none")
    .option("--vulkan <folder>", "a driver in software, unpacked there (precompiles/README.md)")
    .action(async ({ vulkan }: { vulkan?: string }) => {
      process.exitCode = await (await import("../tools/inference/gpu-tests.ts")).runGpuTests(vulkan);
    });
  tool
    .command("page")
    .description("the page at /, from explorer/")
    .action(async () => (await import("../explorer/build.ts")).writePage());
  tool
    .command("golden")
    .description("golden files of encodings that are missing; never one that exists")
    .action(async () => (await import("../core/src/testing/golden.ts")).writeMissingGolden());
  tool
    .command("bundle")
    .description("dist/, the start-up bundle of npm's package: `npm pack` runs this")
    .action(async () => (await import("../tools/packed-bundle.ts")).writePackedBundle());
  tool
    .command("install")
    .description("what stands outside the workspaces: compilers, data sets, clients, the example")
    .action(async () => {
      for (const folder of OUTSIDE) await installOutside(folder);
    });
  addDigits(tool.command("digits").description("the digit model"));
  addModels(tool.command("model").description("models that are made of npm packages"));
  tool
    .command("script")
    .description("run a .ts file of this repository, such as a micro-benchmark")
    .argument("<file>", "the file")
    .argument("[args...]", "its arguments")
    .passThroughOptions()
    .action(async (file: string, args: string[]) => {
      process.argv.splice(1, process.argv.length, resolve(file), ...args);
      await import(pathToFileURL(resolve(file)).href);
    });
  return tool;
}

function addDigits(digits: Command): void {
  digits
    .command("train")
    .description("train the model (about 8 minutes on one core); the same seed gives the same file on the same engine")
    .option("--seed <n>", "of weights and shuffling", integer(0, 2 ** 32 - 1), 1)
    .option("--epochs <n>", "passes over the training digits", integer(1, 10_000), 50)
    .option("--out <folder>", "where digits.nmodel and digits.json go", MODELS)
    .action(async (options: { seed: number; epochs: number; out: string }) => {
      await installOutside("tools");
      await (await import("../tools/digits/train.ts")).trainDigits(options);
    });
  digits
    .command("report")
    .description("evaluate the committed model again")
    .action(async () => {
      await installOutside("tools");
      (await import("../tools/digits/report.ts")).writeReport();
    });
  digits
    .command("heldout")
    .description("the digits that training never sees")
    .action(async () => {
      await installOutside("tools");
      (await import("../tools/digits/heldout.ts")).writeHeldOut();
    });
}

function addModels(model: Command): void {
  model
    .command("detypify")
    .description("the reader of drawn signs: fetches its ONNX file, converts it, and compares it with float")
    .option("--out <folder>", "where detypify.nmodel and detypify.json go", ".")
    .option("--inputs <n>", "drawings to compare with", integer(1, 100_000), 1000)
    .action(async ({ out, inputs }: { out: string; inputs: number }) =>
      (await import("../tools/models/detypify/make.ts")).makeDetypify(out, inputs),
    );
  model
    .command("language")
    .description("the detector of programming languages: fetches guesslang's net, converts it, and compares it with float")
    .option("--out <folder>", "where language.nmodel and language.json go", ".")
    .option("--texts <n>", "texts to compare with, for each ending of files", integer(1, 10_000), 50)
    .action(async ({ out, texts }: { out: string; texts: number }) =>
      (await import("../tools/models/language/make.ts")).makeLanguage(out, texts),
    );
  model
    .command("spam")
    .description("the spam filter of examples/gate: fetches SpamAssassin's mails, trains, and compares int8 with float")
    .option("--out <folder>", "where spam.nmodel and spam.json go", GATE)
    .option("--seed <n>", "of parting, weights and shuffling", integer(0, 2 ** 32 - 1), 1)
    .option("--epochs <n>", "passes over the passages", integer(1, 1000), 6)
    .action(async ({ out, ...options }: { out: string; seed: number; epochs: number }) =>
      (await import("../tools/models/spam/make.ts")).makeSpam(out, options),
    );
  model
    .command("nsfwjs")
    .description("MobileNetV2 that tells kinds of pictures apart: fetches a tfjs model, converts it, and compares it with float")
    .addOption(
      new Option("--variant <name>", "which of the package's").choices(["mobilenet_v2", "mobilenet_v2_mid"]).default("mobilenet_v2"),
    )
    .option("--out <folder>", "where nsfwjs-*.nmodel and nsfwjs-*.json go", ".")
    .option("--inputs <n>", "pictures to compare with", integer(1, 100_000), 1000)
    .action(async ({ out, variant, inputs }: { out: string; variant: "mobilenet_v2" | "mobilenet_v2_mid"; inputs: number }) =>
      (await import("../tools/models/nsfwjs/make.ts")).makeNsfwjs(out, variant, inputs),
    );
}
