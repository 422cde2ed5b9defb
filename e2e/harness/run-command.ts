/** A command's exit code and output; waits for its end without blocking the event loop. */
import { execFile } from "node:child_process";
import { PATIENCE_MS } from "./wait.ts";

export type Outcome = { code: number; stdout: string; stderr: string };

const MAX_OUTPUT = 64 << 20;

type Options = { timeoutMs?: number; cwd?: string; env?: NodeJS.ProcessEnv };

export function runCommand(file: string, args: readonly string[], { timeoutMs = PATIENCE_MS, ...options }: Options = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(file, [...args], { timeout: timeoutMs, maxBuffer: MAX_OUTPUT, ...options }, (error, stdout, stderr) => {
      const how = child.exitCode === null ? `\n${error?.message} (${child.signalCode})` : "";
      resolve({ code: child.exitCode ?? -1, stdout, stderr: stderr + how });
    });
  });
}
