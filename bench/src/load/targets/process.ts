/** A node as a child process in a folder of its own, both gone with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { benchError } from "../errors.ts";

export type NodeProcess = {
  pid: number;
  /** Polls, with a pause of `pauseMs`, until it gives something. Throws BENCH_TARGET_FAILED when the process ended. */
  until<T>(look: () => Promise<T | undefined> | T | undefined, pauseMs?: number): Promise<T>;
  stop(): Promise<void>;
};

/** Of all that run: who ends this process ends them. */
const stops = new Set<() => Promise<void>>();
let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void Promise.all([...stops].map((stop) => stop())).finally(() => process.exit(130)));
}

const LOOK_MS = 50;
const LAST_WORDS = 600;

export function makeFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `noema-bench-${name}-`));
}

export function startProcess(
  name: string,
  folder: string,
  [file, ...args]: readonly [string, ...string[]],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): NodeProcess {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const keep = (text: string) => {
    said = (said + text).slice(-LAST_WORDS);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  child.once("error", (error) => keep(error.message));
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const clean = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const stop = async (signal: NodeJS.Signals = "SIGINT") => {
    stops.delete(stop);
    if (!isEnded(child)) child.kill(signal);
    await ended;
    clean();
  };
  stops.add(stop);
  listen();
  return {
    pid: child.pid ?? 0,
    async until(look, pauseMs = LOOK_MS) {
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (isEnded(child)) {
          await ended;
          throw benchError(
            "BENCH_TARGET_FAILED",
            `${name} did not start: ${said.trim() || `it ended with ${child.exitCode ?? child.signalCode}`}`,
          );
        }
        await sleep(pauseMs);
      }
    },
    stop,
  };
}

function isEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** The first of `count` free ports in a row, below those that Linux gives to connections that go out. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = randomInt(10_000, 32_000);
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
