/** The engine's calls, jumps and journal (interpreter.ts, frame.ts, access-journal.ts) against the library's own, on random contracts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

const COUNT = 700;

async function linesOf(who: "library" | "ours", seed: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "frames-child.ts"), who, String(seed), String(COUNT)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [lines] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return lines.trim().split("\n");
}

it("gives what the library gives, for every fork", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`seed ${seed}`);
  const library = await linesOf("library", seed);
  const ours = await linesOf("ours", seed);
  expect(library.length).toBe(COUNT);
  expect(ours).toEqual(library);
  // Enough of them live to their end.
  expect(ours.filter((line) => line.includes(" none ")).length).toBeGreaterThan(COUNT / 20);
});
