import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { launcher } from "../harness/devnet.ts";
import { type Outcome, runCommand } from "../harness/run-command.ts";

/** Nobody listens there, and fetch does not refuse it as it does ports 1, 7, 9 and others. */
export const DEAD_URL = "http://127.0.0.1:2";

/** In a folder of its own, which has to stay empty: what is refused, or only asked about, starts nothing. */
export async function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const cwd = mkdtempSync(join(tmpdir(), "noema-walk-"));
  try {
    const { code, stdout, stderr } = await runCommand(process.execPath, [launcher, ...args], {
      cwd,
      env: { ...process.env, ...variables },
    });
    expect(readdirSync(cwd), "it left something behind").toEqual([]);
    return { code, stdout, stderr: stderr.replace(/^noema: preparing the start-up bundle .*\n/, "") };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

export async function withTakenPort<T>(f: (port: number) => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await f((server.address() as { port: number }).port);
  } finally {
    await new Promise((done) => server.close(done));
  }
}
