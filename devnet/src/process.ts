/** One validator's process as its parent sees it. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { remadeError } from "@noema/core/errors";
import { rowsOf } from "@noema/core/option-table";
import { named } from "@noema/node/cli/named-options";
import { fileError } from "@noema/node/files/file-error";
import { nodeOptions } from "@noema/node/options";
import { repositoryRoot } from "@noema/node/paths";
import type { NodeMessage } from "@noema/node/start/parent";
import { type BlockMessage, blockMessage } from "./block-message.ts";
import { LOG_FILE } from "./datadir.ts";
import { devError } from "./errors.ts";

export type ValidatorProcess = {
  index: number;
  pid: number;
  /** Restarts this validator alone, as a shell command. */
  command: string;
  child: ChildProcess;
  ready: Promise<void>;
  exited: Promise<string>;
};

/**
 * V8 lets garbage lie until a heap has four times of what was alive, where it may have 2 GB or more, below that two times or less; and it
 * keeps three of these semi-spaces for each thread. A validator's threads have 20 to 50 MB alive.
 */
const HEAP = ["--max-old-space-size=2000", "--max-semi-space-size=8"];
/** glibc gives threads arenas of their own, eight a core, and hands back little of what was freed in them. */
const ARENAS = { MALLOC_ARENA_MAX: "2" };

function validatorCommand(configPath: string): string[] {
  // SIGUSR1 would open Node's debugger, which can read the keys; bin/no-debugger.mjs is for who starts without the flag
  return [process.execPath, "--disable-sigusr1", ...HEAP, join(repositoryRoot(), "bin", "noema.mjs"), "start", "--config", configPath];
}

/** Without the variables of a node's options: the devnet has read those that are for all, and written them. */
function environment(): NodeJS.ProcessEnv {
  const variables = named(rowsOf(nodeOptions)).map((x) => x.variable);
  return { ...ARENAS, ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !variables.includes(name))) };
}

/** Takes what no logger writes, such as a crash of the runtime itself. */
function openRawLog(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    throw fileError("FILE_UNWRITABLE", path, error);
  }
}

export function spawnValidator(index: number, folder: string, onBlock: (message: BlockMessage) => void): ValidatorProcess {
  const command = validatorCommand(join(folder, "config.json"));
  const log = openRawLog(join(folder, LOG_FILE));
  const [node, ...args] = command as [string, ...string[]];
  const child = spawn(node, args, { stdio: ["ignore", log, log, "ipc"], serialization: "advanced", env: environment() });
  closeSync(log);
  let reason = "";
  const exited = new Promise<string>((resolve) =>
    child.once("exit", (code, signal) => resolve(`${signal ?? `exit code ${code}`}${reason}`)),
  );
  const ready = new Promise<void>((resolve, reject) => {
    child.on("message", (message: NodeMessage) => {
      if (message.type === "ready") resolve();
      else if (message.type === "failed") {
        const { code = "DEV_VALIDATOR_FAILED" } = message;
        reason = `: ${message.message} (${code})`;
        reject(remadeError(code, message.message)); // while it starts
      } else onBlock(blockMessage(message.block));
    });
    exited.then((how) =>
      reject(devError("DEV_VALIDATOR_FAILED", `validator ${index} ended (${how}) while starting: see ${join(folder, LOG_FILE)}`)),
    );
  });
  ready.catch(() => {}); // also reported through `exited`
  const quoted = command.map((x) => (/^[\w@%+=:,./-]+$/.test(x) ? x : `'${x.replaceAll("'", "'\\''")}'`)).join(" ");
  return { index, pid: child.pid as number, command: quoted, child, ready, exited };
}
