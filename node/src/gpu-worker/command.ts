/** `noema gpu-worker`. */
import { integer } from "@noema/core/arguments";
import { Command, Option } from "commander";
import { parseHosts } from "../web/hosts.ts";
import type { GpuWorkerCommandOptions } from "./main.ts";

/** Beside 8545, of RPC. */
const PORT = 8560;

/** As those of a devnet. Throws ARGUMENT_INVALID. */
function hostsOf(text: string): string[] {
  return [...parseHosts(text === "" ? [] : text.split(","))];
}

export function command(): Command {
  return new Command("gpu-worker")
    .description(
      "Serves inference to validators without a GPU, which start with --backend remote --gpu-worker URL. What it answers they check against WASM: it is trusted with nothing. Whoever reaches it can use it, so it listens on this machine alone unless told otherwise.",
    )
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "port to listen on, 0 for a free one", integer(0, 65_535), PORT)
    .option("--hosts <hosts>", "names by which validators reach it, with commas between", hostsOf, [])
    .addOption(new Option("--backend <name>", "what it computes on").choices(["webgpu", "wasm"]).default("webgpu"))
    .action(async (options: GpuWorkerCommandOptions) => {
      const { runGpuWorker } = await import("./main.ts");
      await runGpuWorker(options);
    });
}
