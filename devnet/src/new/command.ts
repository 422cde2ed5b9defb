/** `noema new`. */
import { Command } from "commander";

export function command(): Command {
  return new Command("new")
    .description("A project with a contract that calls a model, its test, a script that deploys it, and a page that asks it.")
    .argument("<folder>", "a folder that does not exist, or is empty; its name becomes the project's")
    .action(async (folder: string) => {
      const { createProject } = await import("./create-project.ts");
      createProject(folder);
      const { typed } = await import("../words.ts");
      process.stdout.write(
        `${folder} is there. In one terminal:\n  ${typed("devnet")}\nIn another:\n  cd ${folder} && npm install && npm test\nIts README.md says the rest.\n`,
      );
    });
}
