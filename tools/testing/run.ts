/** A child process that is never silent for long, whatever it does: on a pipe a line says what goes on. */
import { spawn } from "node:child_process";

const QUIET_MS = 2000;

export type Child = { cwd: string; env?: NodeJS.ProcessEnv; onMessage?: (message: unknown) => void };

/** Shows all it writes; after two seconds without a word a line with `doing()`. Resolves with the exit code. */
export function run(command: string, args: readonly string[], doing: () => string, { cwd, env, onMessage }: Child): Promise<number> {
  const started = performance.now();
  const say = () => `  ... ${Math.round((performance.now() - started) / 1000)} s: ${doing()}\n`;
  process.stdout.write(say());
  return new Promise((resolve, reject) => {
    // On a terminal it draws its own progress.
    const own = process.stdout.isTTY ? ("inherit" as const) : ("pipe" as const);
    const child = spawn(command, args, { cwd, env, stdio: ["inherit", own, own, ...(onMessage === undefined ? [] : ["ipc" as const])] });
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
    let timer: NodeJS.Timeout | undefined;
    const beat = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        process.stdout.write(say());
        beat();
      }, QUIET_MS);
    };
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const)
      from?.on("data", (chunk) => {
        to.write(chunk);
        beat();
      });
    if (own === "pipe") beat();
    if (onMessage !== undefined) child.on("message", onMessage);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });
}
