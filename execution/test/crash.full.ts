/** kill -9 at any moment: what was answered as durable is there, and the chain goes on exactly as one that never stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { afterAll, expect, it } from "vitest";
import { createExecutionService } from "../src/service.ts";
import { echoPrecompiles, testGenesis } from "../src/testing/chain.ts";
import { crashInput } from "./crash-input.ts";

const ROUNDS = 12;
const SEED = 20_251;
const folder = mkdtempSync(join(tmpdir(), "noema-crash-"));
afterAll(() => rmSync(folder, { recursive: true }));

it(`resumes at the last durable height through ${ROUNDS} kills, seed ${SEED}`, async () => {
  const durable = new Map<number, string>();
  let resumed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // Killed after so many durable blocks, and then at a moment inside the next one.
    const { blocks, delayMs } = plan(round);
    const { start, lines } = await runAndKill(blocks, delayMs);
    const [height, root] = start;
    const last = Math.max(0, ...durable.keys());
    expect(height).toBeGreaterThanOrEqual(last);
    if (durable.has(height)) expect(durable.get(height)?.split(" ")[0]).toBe(root);
    for (const [h, text] of lines) durable.set(h, text);
    resumed = height;
  }
  expect(resumed).toBeGreaterThan(ROUNDS);
  const init = {
    precompiles: echoPrecompiles(),
    genesis: testGenesis(4, {}, { history: 8 }),
    genesisHash: sha256(Uint8Array.of(1)),
    logger: { log() {} },
  };
  const whole = createExecutionService({ ...init, kv: createMemoryStore() });
  await whole.start();
  for (let h = 1; h <= Math.max(...durable.keys()); h++) {
    const { result } = await whole.execute(crashInput(h));
    if (durable.has(h)) expect(durable.get(h)).toBe(`${toHex(result.stateRoot)} ${toHex(result.evmBlockHash)}`);
  }
  console.log(`${durable.size} durable blocks, last ${Math.max(...durable.keys())}`);
});

function plan(round: number): { blocks: number; delayMs: number } {
  const bytes = sha256(Uint8Array.of(SEED & 255, SEED >> 8, round));
  return { blocks: 3 + ((bytes[0] as number) % 12), delayMs: (bytes[1] as number) % 12 };
}

async function runAndKill(blocks: number, delayMs: number): Promise<{ start: [number, string]; lines: [number, string][] }> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, "crash-child.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let start: [number, string] | undefined;
  const lines: [number, string][] = [];
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const [what, height, ...rest] = line.split(" ");
    if (what === "start") start = [Number(height), rest.join(" ")];
    else lines.push([Number(height), rest.join(" ")]);
    if (lines.length === blocks) setTimeout(() => child.kill("SIGKILL"), delayMs);
  }
  await exited;
  if (start === undefined) throw new Error("the child did not start");
  return { start, lines };
}
