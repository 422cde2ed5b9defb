/** A command's exit code and output; waits for its end without blocking the event loop. */
import { execFile } from "node:child_process";

export type Outcome = { code: number; stdout: string; stderr: string };

const MAX_OUTPUT = 64 << 20;

type Options = { timeoutMs?: number; cwd?: string; env?: NodeJS.ProcessEnv };

export function runCommand(file: string, args: readonly string[], { timeoutMs = 60_000, ...options }: Options = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(file, [...args], { timeout: timeoutMs, maxBuffer: MAX_OUTPUT, ...options }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
