/** `noema gpu-worker`. */
import { integer } from "@noema/core/arguments";
import { Command, Option } from "commander";
import type { GpuWorkerCommandOptions } from "./main.ts";

/** Beside 8545, of RPC. */
const PORT = 8560;

export function command(): Command {
  return new Command("gpu-worker")
    .description(
      "Serves inference to validators without a GPU, which start with --backend remote --gpu-worker URL. What it answers they check against WASM: it is trusted with nothing. Whoever reaches it can use it, so it listens on this machine alone unless told otherwise.",
    )
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "port to listen on, 0 for a free one", integer(0, 65_535), PORT)
    .option(
      "--hosts <names>",
      "names by which validators reach it, with commas between",
      (text: string) => text.split(",").filter(Boolean),
      [],
    )
    .addOption(new Option("--backend <name>", "what it computes on").choices(["webgpu", "wasm"]).default("webgpu"))
    .action(async (options: GpuWorkerCommandOptions) => {
      const { runGpuWorker } = await import("./main.ts");
      await runGpuWorker(options);
    });
}
