/** The commands of docs/operate, as a person pastes them into shells. */
import { readFileSync } from "node:fs";
import { launcher } from "../harness/devnet.ts";
import { type StartedProcess, startProcess } from "../harness/processes.ts";

const PAGE = new URL("../../docs/operate/README.md", import.meta.url);

/** The blocks of commands of a page, or of a part of it. */
export const blocksIn = (text: string) => [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands as string);

/** Those of docs/operate/README.md below each heading of the second level, by its text. */
export function commandsOf(page = readFileSync(PAGE, "utf8")): Map<string, string[]> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf("\n")), blocksIn(section)]));
}

/** `noema` as the page says it: what stands behind it is run in the place of the shell where nothing follows. */
function shell(
  commands: string,
  folder: string,
  variables: Record<string, string>,
  last: boolean,
  prefix: readonly string[] = [],
): StartedProcess {
  const noema = `noema() { ${last ? "exec " : ""}"$NOEMA_NODE" "$NOEMA_LAUNCHER" "$@"; }`;
  const [file = "", ...args] = [...prefix, "bash", "-euc", `${noema}\n${commands}`];
  return startProcess(file, args, {
    cwd: folder,
    env: { ...process.env, ...variables, NOEMA_NODE: process.execPath, NOEMA_LAUNCHER: launcher },
  });
}

/** Resolves with what they wrote; throws where one failed. */
export async function run(commands: string, folder: string, variables: Record<string, string> = {}): Promise<string> {
  const { code, output } = await shell(commands, folder, variables, false).ended;
  if (code !== 0) throw new Error(`in ${folder}, exit code ${code}:\n${commands}\n${output}`);
  return output;
}

/** A command that goes on; `prefix`: what runs the shell. */
export function start(command: string, folder: string, prefix: readonly string[] = []): StartedProcess {
  return shell(command, folder, {}, true, prefix);
}
