/** A command in a pseudo-terminal (`script` of util-linux), what it writes and when. */
import { spawn } from "node:child_process";

export const SIZE = { columns: 100, rows: 28 };

export type Chunk = { at: number; text: string };

export type Session = {
  command: string;
  chunks: Chunk[];
  /** Ctrl-C. */
  interrupt(): void;
  ended: Promise<number | null>;
};

export function startSession(command: string, cwd: string): Session {
  const inside = `stty cols ${SIZE.columns} rows ${SIZE.rows}; exec ${command}`;
  const env = { ...process.env, TERM: "xterm-256color", COLORTERM: "truecolor", npm_config_loglevel: "silent" };
  const child = spawn("script", ["-qfec", inside, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
  const started = performance.now();
  const chunks: Chunk[] = [];
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => chunks.push({ at: performance.now() - started, text }));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { command, chunks, interrupt: () => child.stdin.write("\u0003"), ended };
}

/** As one can follow it: no pause above `pauseMs`, and no line sooner than `lineMs` after the line before. */
export function paced(chunks: readonly Chunk[], pauseMs: number, lineMs: number): Chunk[] {
  const lines = chunks.flatMap(({ at, text }) => text.split(/(?<=\n)/).map((line) => ({ at, text: line })));
  let [shown, last] = [0, 0];
  return lines.map(({ at, text }) => {
    shown += Math.max(Math.min(at - last, pauseMs), text.endsWith("\n") ? lineMs : 0);
    last = at;
    return { at: shown, text };
  });
}
