/** `noema gpu`: the optional install, and whether it works. */
import { Command } from "commander";

export function command(): Command {
  const gpu = new Command("gpu").description("What runs models on a GPU: `--backend webgpu` of a validator, and `noema gpu-worker`.");
  gpu
    .command("install")
    .description("the package webgpu, 132 MB, into precompiles/gpu; a Vulkan driver comes from the system")
    .action(async () => (await import("./install.ts")).installWebgpu());
  gpu
    .command("check")
    .description("open the GPU, and ask it the known answers of every operator")
    .action(async () => (await import("./check.ts")).checkGpu());
  return gpu;
}
