import { execFileSync } from "node:child_process";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { stopInTime } from "./stop.ts";

function setUp() {
  const clock = createSimClock();
  const logger = createRecordingLogger();
  const ended: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const node = { stop: () => promise, stopping: () => "execution" };
  const stopped = stopInTime(node, clock, logger, { exit: () => ended.push("exit"), replace: () => ended.push("replaced") });
  return { clock, logger, ended, resolve, stopped };
}

it("exits when all has stopped", async () => {
  const { clock, logger, ended, resolve, stopped } = setUp();
  resolve();
  await stopped;
  clock.advance(10_000);
  expect([ended, logger.lines]).toEqual([["exit"], []]);
});

it("ends in time whatever a part waits for, and says which", async () => {
  const { clock, logger, ended, stopped } = setUp();
  clock.advance(1900);
  expect(ended).toEqual([]);
  clock.advance(200);
  await stopped;
  expect(logger.lines.map(({ level, fields }) => [level, fields])).toEqual([["warn", { waitedFor: "execution" }]]);
  clock.advance(100);
  expect(ended).toEqual(["replaced"]);
});

it.skipIf(process.platform === "win32")(
  "is replaced at once, with code 0, while a thread is inside a native call that does not return",
  () => {
    const stuck =
      'process.getBuiltinModule("node:worker_threads").parentPort.postMessage("now"); process.getBuiltinModule("node:crypto").pbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512")';
    const script = `
    import { Worker } from "node:worker_threads";
    import { ENDS } from ${JSON.stringify(new URL("stop.ts", import.meta.url).pathname)};
    new Worker(${JSON.stringify(stuck)}, { eval: true }).on("message", ENDS.replace);
  `;
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" }); // throws where the code is another
  },
);
