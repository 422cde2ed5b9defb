/** A tool that has a folder of its own here, because what it needs would quarrel with the others': package.json, lock file, a small project. */
import { cpSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { installOutside } from "../../tools/install-outside.ts";
import { runCommand } from "../harness/run-command.ts";
import { here, type RunningNode, toolEnv } from "./nodes.ts";
import type { Steps } from "./steps.ts";

const TIMEOUT_MS = 600_000; // compilers in WebAssembly, on a busy machine

/** Installs what the folder asks for, and resolves with a copy of it beside the node. */
export async function createProject(node: RunningNode, folder: string): Promise<string> {
  await installOutside(`e2e/tools/${folder}`);
  const project = join(node.folder, folder);
  cpSync(join(here, folder), project, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
  symlinkSync(join(here, folder, "node_modules"), join(project, "node_modules"));
  return project;
}

/** Runs a script of the project's and resolves with what it printed; throws what it complained of. NODE_URL says where the node is. */
export async function runScript(
  node: RunningNode,
  project: string,
  script: string,
  args: readonly string[] = [],
  variables: NodeJS.ProcessEnv = {},
) {
  const { code, stdout, stderr } = await runCommand(process.execPath, [join(project, script), ...args], {
    cwd: project,
    env: { ...toolEnv(node.folder), NODE_URL: node.url, ...variables },
    timeoutMs: TIMEOUT_MS,
  });
  if (code !== 0) throw new Error(complaint(stdout + stderr));
  return stdout;
}

/** Runs a script that prints a line of JSON for each step: its name, and the error of one that failed. */
export async function runSteps(
  node: RunningNode,
  project: string,
  script: string,
  steps: Steps,
  args: readonly string[] = [],
): Promise<void> {
  const output = await runScript(node, project, script, args);
  for (const line of output.split("\n").filter((x) => x.startsWith("{"))) {
    const { step, error } = JSON.parse(line) as { step: string; error?: string };
    if (error === undefined) steps.pass();
    else steps.fail(step, error);
  }
}

/** The line that names an error, or where it stood when its time was over. */
function complaint(output: string): string {
  return /^.*Error.*$/m.exec(output)?.[0].trim() ?? output.trim().split("\n").slice(-3).join(" / ");
}
