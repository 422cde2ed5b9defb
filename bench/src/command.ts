/** `noema bench <scenario>`. */

import { basename, join } from "node:path";
import { integer } from "@noema/core/arguments";
import { repositoryRoot } from "@noema/node/paths";
import { Command, InvalidArgumentError, Option } from "commander";
import { addFinality } from "./finality/command.ts";
import { PARTS } from "./gpu-machine/packed.ts";
import { addLoadCommands } from "./load/command.ts";
import { addMixed } from "./mixed/command.ts";
import { addPublish } from "./publish/command.ts";
import type { RowsOptions } from "./rows/measure.ts";
import type { FilesOptions } from "./scenarios/files.ts";
import type { WorstBlockOptions } from "./scenarios/worst-block.ts";
import { addSoak } from "./soak/command.ts";
import { addStacks } from "./stacks/command.ts";
import { addStart } from "./start/command.ts";
import { addStop } from "./stop/command.ts";

const DAY_S = 86_400;
const GAS_LIMIT = 30_000_000;

export function command(): Command {
  const bench = new Command("bench").description("Measures whole networks. Each scenario prints the machine and the commit first.");
  bench
    .command("idle")
    .description("what a devnet costs without traffic: CPU, memory, disk")
    .option("--seconds <n>", "how long it is measured", integer(1, DAY_S), 120)
    .option("--settle <n>", "seconds before, until the stores have their working size", integer(0, DAY_S), 300)
    .option("--validators <n>", "validators", integer(1, 16), 4)
    .action(async (options: { seconds: number; settle: number; validators: number }) => {
      const { describeMachine } = await import("./machine.ts");
      const { idle } = await import("./scenarios/idle.ts");
      process.stdout.write(`${describeMachine()}\n`);
      await idle(options);
    });
  bench
    .command("worst-block")
    .description("searches for the block that takes the execution engine longest for its gas, on one core")
    .option("--seconds <n>", "how long it searches; the table takes some minutes more", integer(0, DAY_S), 900)
    .addOption(
      new Option("--seed <n>", "of the search")
        .argParser(integer(0, 0xffffffff))
        .default(Math.floor(Math.random() * 0xffffffff), "a new one"),
    )
    .option("--only <names>", "kinds of attack or parts of their names, with commas between them")
    .option("--gas <n>", "gas of one try", integer(100_000, 16_777_216), 4_000_000)
    .option("--gas-limit <n>", "gas of the block that the table speaks of", integer(21_000, 2 ** 40), GAS_LIMIT)
    .option("--runs <n>", "runs of each line of the table", integer(1, 100), 5)
    .option("--keep <n>", "lines of each kind", integer(1, 1000), 5)
    .option("--state <n>", "accounts and slots that the state has", integer(100, 10_000_000), 50_000)
    .option("--json", "one line of JSON instead of a table", false)
    .action(async (options: WorstBlockOptions) => {
      const { describeMachine } = await import("./machine.ts");
      const { selectAttacks, worstBlock } = await import("./scenarios/worst-block.ts");
      const attacks = selectAttacks(options.only);
      if (!options.json) process.stdout.write(`${describeMachine()}\n`);
      await worstBlock(options, attacks);
    });
  addFiles(bench);
  addRows(bench);
  addRowFiles(bench);
  addPublish(bench);
  addGpuMachine(bench);
  addStacks(bench);
  addSoak(bench);
  addStart(bench);
  addStop(bench);
  addMixed(bench);
  addFinality(bench);
  addLoadCommands(bench);
  return bench;
}

function addFiles(bench: Command): void {
  bench
    .command("files")
    .description("a file of N MB through a devnet by `noema da put` and `get`: MB/s, and the memory of each process on the way")
    .option("--mb <n>", "its size in 1,000,000 bytes", integer(1, 100_000), 100)
    .option("--validators <n>", "validators", integer(1, 16), 4)
    .action(async (options: FilesOptions) => {
      const { describeMachine } = await import("./machine.ts");
      const { files } = await import("./scenarios/files.ts");
      process.stdout.write(`${describeMachine()}\n`);
      await files(options);
    });
}

function addRows(bench: Command): void {
  bench
    .command("rows")
    .description(
      "CPU of the data layer's row code beside its KZG commitments: encoding, extension, rebuilding, checking a validator's share",
    )
    .option("--rows <n>", "data rows of the object", integer(1, 128), 24)
    .option("--validators <n>", "of equal stake", integer(1, 200), 4)
    .option("--runs <n>", "how often each is measured", integer(1, 100), 7)
    .addOption(new Option("--kzg <name>", "library that commits").choices(["eth-kzg", "c-kzg"]).default("eth-kzg"))
    .action(async ({ kzg, ...options }: RowsOptions & { kzg: "eth-kzg" | "c-kzg" }) => {
      const { rows } = await import("./scenarios/rows.ts");
      await rows(kzg, options);
    });
}

function addRowFiles(bench: Command): void {
  bench
    .command("row-files")
    .description("what a node's rows cost at its start, and to read: by position, and by a scan of all")
    .option("--gigabytes <n>", "of rows", integer(1, 100), 2)
    .option("--reads <n>", "rows read", integer(1, 1_000_000), 2000)
    .action(async (options: { gigabytes: number; reads: number }) => {
      const { rowFiles } = await import("./scenarios/row-files.ts");
      await rowFiles(options);
    });
}

type GpuMachineOptions = { pack?: string; libraries?: string; webgpu: string; out: string; seed: number; only: string[] };

function addGpuMachine(bench: Command): void {
  bench
    .command("gpu-machine")
    .description("a machine with a GPU in 8 minutes: WGSL equal to judge and WASM, speed of batches, transfers; writes a record")
    .option("--pack <file>", "measure nothing: write an archive that does, on another machine without network")
    .option("--libraries <folder>", "of the archive: shared libraries such as libvulkan.so.1, for a machine without")
    .option("--webgpu <folder>", "in whose node_modules webgpu is", join(repositoryRoot(), "precompiles", "gpu"))
    .option("--out <folder>", "where the record is written", join(repositoryRoot(), "bench", "records"))
    .option("--seed <n>", "of models, inputs and accounts", integer(0, 0xffffffff), 1)
    .addOption(
      new Option("--only <names>", "equality, speed, transfers, inference, with commas between")
        .argParser(partsOf)
        .default([...PARTS], "all"),
    )
    .action(async ({ pack, ...o }: GpuMachineOptions) => {
      if (pack !== undefined) {
        const { packGpuMachine } = await import("./gpu-machine/pack.ts");
        const { bytes, commit } = await packGpuMachine({ ...o, file: pack });
        process.stdout.write(
          `${pack}: ${(bytes / 1e6).toFixed(1)} MB of commit ${commit}; there: tar xf ${basename(pack)} && noema-gpu/run --out FOLDER\n`,
        );
        return;
      }
      const { machineNow } = await import("./machine.ts");
      const { measureGpuMachine } = await import("./gpu-machine/measure.ts");
      const good = await measureGpuMachine({ ...o, machine: machineNow() });
      process.exit(good ? 0 : 1); // Dawn's threads keep a process alive
    });
}

function partsOf(text: string): string[] {
  const parts = text.split(",");
  if (parts.some((x) => !PARTS.some((part) => part === x))) throw new InvalidArgumentError(`parts of ${PARTS.join(", ")} are expected`);
  return parts;
}
