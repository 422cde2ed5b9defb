/**
 * A process that locks the directories it is told to. Lines in: a directory to lock, or an empty one to let go. Lines out: "ready" once,
 * then "held" or the code of the refusal.
 */
import { createInterface } from "node:readline";
import { isNoemaError } from "@noema/core/errors";
import { type DatadirLock, lockDatadir } from "../datadir-lock.ts";

/** Of a test that has more processes than cores: the verdict must not hang on how soon one of them answers. */
const PATIENCE_MS = 600_000;

let held: DatadirLock | undefined;
const say = (line: string) => process.stdout.write(`${line}\n`);

say("ready");
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "") {
    held?.release();
    held = undefined;
    continue;
  }
  try {
    held = await lockDatadir(line, PATIENCE_MS);
    say("held");
  } catch (error) {
    say(isNoemaError(error) ? error.code : String(error));
  }
}
