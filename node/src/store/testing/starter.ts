/**
 * A process that locks the directories it is told to. Lines in: a directory to lock, or an empty one to let go. Lines out: "ready" once,
 * then "held" or the code of the refusal.
 */
import { createInterface } from "node:readline";
import { isNoemaError } from "@noema/core/errors";
import { type DatadirLock, lockDatadir } from "../datadir-lock.ts";

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
    held = await lockDatadir(line);
    say("held");
  } catch (error) {
    say(isNoemaError(error) ? error.code : String(error));
  }
}
