/** `noema completion`: what a shell needs to complete the others. */
import { Command } from "commander";
import { COMMANDS } from "./commands.mjs";

export function command(): Command {
  const completion = new Command("completion").description(
    "Prints a script that completes commands and options: `source <(npm run --silent noema -- completion bash)` in a clone.",
  );
  for (const shell of ["bash", "zsh"] as const)
    completion
      .command(shell)
      .description(`for ${shell}`)
      .action(async () => {
        const [{ bashScript, zshScript }, { commandTree }] = await Promise.all([import("./completion.ts"), import("./command-tree.ts")]);
        const top = Object.entries(COMMANDS).map(([word, { about }]) => ({ word, about }));
        process.stdout.write((shell === "bash" ? bashScript : zshScript)(await commandTree(), top));
      });
  return completion;
}
