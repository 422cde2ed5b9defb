import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { processTree } from "./process-tree.ts";
import { createSyncCounter } from "./syncs.ts";
import { threadCosts, threadTimes } from "./threads.ts";
import { openWindow } from "./window.ts";

const linux = process.platform === "linux";

describe.skipIf(!linux)("what processes cost", () => {
  it("is found by thread, main by its own name, and by process with what it started", async () => {
    expect(threadTimes(process.pid).find((x) => x.name === "main")?.micros).toBeGreaterThan(0);
    const program =
      'process.stdin.on("data", () => { for (let i = 0; i < 3e7; i++) Math.sqrt(i); console.log("done"); });console.log("up")';
    const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    expect(processTree(process.pid)).toContain(child.pid);
    const end = openWindow(child.pid as number, []);
    child.stdin.write("go");
    await once(child.stdout, "data");
    const [cost] = end();
    expect([cost?.name, cost?.threads.find((x) => x.name === "main")?.micros]).toEqual(["launcher", expect.any(Number)]);
    expect(cost?.micros).toBeGreaterThan(1000);
    child.kill();
  });

  it("counts a window only, and keeps nameless workers apart", () => {
    const at = (tid: number, name: string, micros: number) => ({ tid, name, micros });
    const before = [at(1, "main", 100), at(2, "V8Worker", 10), at(3, "WorkerThread", 5)];
    const after = [at(1, "main", 150), at(2, "V8Worker", 30), at(3, "WorkerThread", 6), at(4, "V8Worker", 7), at(5, "WorkerThread", 9)];
    expect(threadCosts(before, after)).toEqual([
      { name: "main", micros: 50 },
      { name: "v8", micros: 27 },
      { name: "WorkerThread", micros: 1 },
      { name: "WorkerThread 2", micros: 9 },
    ]);
  });
});

const counter = createSyncCounter(0);
describe.skipIf(counter === undefined)("syncs", () => {
  it("are counted in every process, and nothing else is", () => {
    const program = `const fs = require("node:fs"); const f = fs.openSync(process.argv[1] + "/x", "w");
      fs.writeSync(f, "x"); fs.fsyncSync(f); fs.fdatasyncSync(f); fs.writeSync(f, "y"); fs.fdatasyncSync(f);`;
    const folder = counter?.env.NOEMA_SYNCS as string;
    for (let k = 1; k <= 2; k++)
      execFileSync(process.execPath, ["-e", program, `${folder}/..`], { env: { ...process.env, ...counter?.env } });
    expect(counter?.total()).toBe(6);
    counter?.remove();
  });
});
