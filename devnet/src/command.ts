/** `noema devnet`. */
import type { Command } from "commander";
import { type DevnetOptions, devnetCommand } from "./options.ts";

export { elsewhere } from "./elsewhere.ts";

export function command(): Command {
  return devnetCommand().action(async (options: DevnetOptions) => {
    const { runDevnet } = await import("./main.ts");
    await runDevnet(options);
  });
}
