/**
 * The simulator's own test: each planted bug, one line of the engine changed in a copy, makes one of the first seeds fail. A mutant whose
 * line is not found any more fails the test as well: move it along with the engine.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "./run.ts";

const SEEDS = 16;
const root = resolve(import.meta.dirname, "../../..");
let copy = "";

/** What is wrong, where, the line's part, and what stands there instead. */
const MUTANTS: readonly [bug: string, file: string, from: string, to: string][] = [
  ["finalize after nullify", "vote.ts", "!(exclusive && round.ownNullify) && ", ""],
  ["nullify after finalize", "vote.ts", "!(exclusive && round.ownFinalize !== undefined) && ", ""],
  ["votes below the floor", "vote.ts", "if (view <= s.finalizedView &&", "if (false &&"],
  ["exactly two thirds are a quorum", "tally.ts", "isQuorum(candidate.weight, set.total)", "3n * candidate.weight >= 2n * set.total"],
  ["votes of any block add up", "tally.ts", 'return vote.hash === undefined ? "" : toHex(vote.hash);', 'return "";'],
  ["certificates taken unverified", "certificates.ts", "good[i] === true", "good[i] !== undefined"],
  ["a vote from another's connection", "receive.ts", "if (vote.signer !== indexOf(ctx.s.set, from)) ctx", "if (false) ctx"],
  ["the second proposal replaces the first", "receive.ts", "if (round.proposal === undefined) {", "if (true) {"],
  ["results newer than h - D", "header-rules.ts", "header.exec.height <= highest &&", ""],
  ["timestamps stand still", "header-rules.ts", "header.timestampMs > above.timestampMs &&", ""],
  ["any proposer", "header-rules.ts", "header.proposer === leaderOf(s, view) &&", ""],
  ["timers forget the back-off", "view.ts", "s.backoff++;", ";"],
  ["own votes are not tallied again", "restore.ts", "retally(ctx, round.view);", ""],
  ["an epoch's first view is taken for one of the epoch before", "catch-up.ts", "s.config.params.controls?.lostLogForgetsEpochs", "true"],
  ["a lost log bars up to M only", "lost-log.ts", "view > lost.view + 1", "view > lost.view"],
  ["a lost log bars nothing of the next epoch", "lost-log.ts", "base.header.view >= lost.view", "true"],
  ["answers from below the own votes", "catch-up.ts", "!remembers(s, s.view) &&", "false &&"],
  ["nobody joins a nullification", "voting.ts", "joinNullify(ctx, round);", ""],
];

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "noema-mutants-"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  writeFileSync(join(copy, "package.json"), '{"type":"module"}');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Modules are cached by path: each mutant has a folder of its own. */
async function load(name: string, file: string, change: (text: string) => string): Promise<(seed: number) => Promise<Verdict>> {
  const to = join(copy, name);
  mkdirSync(to);
  for (const part of ["engine", "sim", "types.ts", "errors.ts"])
    cpSync(join(root, "consensus/src", part), join(to, part), { recursive: true });
  const path = join(to, "engine", file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
  return (await import(/* @vite-ignore */ pathToFileURL(join(to, "sim/run.ts")).href)).runSeed;
}

test.each(MUTANTS)("%s", async (bug, file, from, to) => {
  const runSeed = await load(bug.replaceAll(/[^a-z]+/gi, "-"), file, (text) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  });
  let seed = 1;
  while (seed <= SEEDS && (await runSeed(seed)).outcome === "passed") seed++;
  expect(seed, "first seed that fails").toBeLessThanOrEqual(SEEDS);
});
