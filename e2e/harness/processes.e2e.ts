/** The harness itself: a process that ends unasked ends the wait for what it will never do, and its last words are shown. */
import { expect, it } from "vitest";
import { lastLines, startProcess, watch } from "./processes.ts";
import { until } from "./wait.ts";

it("ends a wait at once when a process has ended, and says what it said last", async () => {
  const child = startProcess(process.execPath, ["-e", "console.log('first'); console.error('no room'); process.exit(3)"]);
  const unwatch = watch({ fault: () => child.ending() && `it ended: ${child.ending()}`, lastWords: () => lastLines(child.output()) });
  const never = until(
    () => false,
    () => "it did not come",
  ).finally(unwatch);
  await expect(never).rejects.toThrow(/it ended: exit code 3[\s\S]*no room/);
});

it("says who died when a request was not answered", async () => {
  const child = startProcess(process.execPath, ["-e", "require('node:net').createServer().listen(0)"]);
  const unwatch = watch({ fault: () => child.ending() && `it ended: ${child.ending()}`, lastWords: () => "" });
  const asking = until(
    async () => {
      child.child.kill("SIGKILL");
      await child.ended;
      throw new TypeError("fetch failed");
    },
    () => "it did not come",
  ).finally(unwatch);
  await expect(asking).rejects.toThrow("it ended: SIGKILL");
});
