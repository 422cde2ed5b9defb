/** Processes that a test started: what they said, and whether one ended that should live. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Enough to see why a process ended. */
const LAST_LINES = 30;

export type Watch = {
  /** What ended that no test asked to end. */
  fault(): string | undefined;
  /** The end of what it wrote. */
  lastWords(): string;
};
const watches = new Set<Watch>();

/** From now on every wait asks for its fault, and a failed test shows its last words; until the function returned is called. */
export function watch(entry: Watch): () => void {
  watches.add(entry);
  return () => void watches.delete(entry);
}

export function requireAllAlive(): void {
  for (const { fault, lastWords } of watches) {
    const found = fault();
    if (found !== undefined) throw new Error(`${found}\n${lastWords()}`);
  }
}

export function allLastWords(): string {
  return [...watches].map((x) => x.lastWords()).join("\n");
}

const living = new Set<ChildProcess>();
const endAll = () => {
  for (const child of living) child.kill("SIGTERM");
};
process.once("exit", endAll); // also when vitest is gone
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    endAll();
    process.kill(process.pid, "SIGKILL"); // vitest does not let a test process exit
  });

/** Who ends the test run ends the child as well. */
export function endWithTests(child: ChildProcess): void {
  living.add(child);
  child.once("exit", () => living.delete(child));
}

export type StartedProcess = {
  child: ChildProcess;
  /** Everything it has written. */
  output(): string;
  /** How it ended; undefined while it runs, and until all it wrote has been read. */
  ending(): string | undefined;
  /** Resolves when it has ended and all it wrote has been read. */
  ended: Promise<{ code: number | null; output: string }>;
};

export function startProcess(command: string, args: readonly string[], options: SpawnOptions = {}): StartedProcess {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  endWithTests(child);
  let output = "";
  let ending: string | undefined;
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (chunk) => (output += chunk));
  return {
    child,
    output: () => output,
    ending: () => ending,
    ended: new Promise((resolve) => {
      const end = (how: string, code: number | null) => {
        ending = how;
        resolve({ code, output });
      };
      child.once("error", (error) => end(error.message, null)); // not started
      child.once("close", (code, signal) => end(signal ?? `exit code ${code}`, code));
    }),
  };
}

/** The last lines of a text, indented. */
export function lastLines(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .slice(-LAST_LINES)
    .map((line) => `  ${line}`)
    .join("\n");
}

export function lastLinesOf(path: string): string {
  return `${path}:\n${existsSync(path) ? lastLines(readFileSync(path, "utf8")) : "  (there is none)"}`;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie is dead, its parent has not looked yet; with threads left only the first of them is, and files and sockets are still open.
  const at = `/proc/${pid}`;
  try {
    if (!existsSync("/proc/self/status")) return true;
    return !/^State:\s+Z/m.test(readFileSync(`${at}/status`, "utf8")) || readdirSync(`${at}/task`).length > 1;
  } catch {
    return false; // gone between the two questions
  }
}
