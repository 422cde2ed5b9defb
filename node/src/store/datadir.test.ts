import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockDatadir, lockOwner } from "./datadir-lock.ts";
import { guardGenesis } from "./genesis-guard.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-datadir-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LOCKED = expect.objectContaining({ code: "DATADIR_LOCKED" });

it("lets one in, and the next when it has left", () => {
  const lock = lockDatadir(folder);
  expect(() => lockDatadir(folder)).toThrow(LOCKED);
  lock.release();
  lock.release();
  lockDatadir(folder).release();
});

it("leaves what is not its own when it goes: nothing, or another's lock in a folder that was made again", () => {
  for (const remake of [() => {}, () => writeFileSync(join(folder, "lock"), JSON.stringify({ pid: 1, started: "" }))]) {
    const lock = lockDatadir(folder);
    rmSync(join(folder, "lock"));
    remake();
    lock.release();
  }
  expect(JSON.parse(readFileSync(join(folder, "lock"), "utf8")).pid).toBe(1);
});

it("takes over the lock of a dead process", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(join(folder, "lock"), JSON.stringify({ pid, started: "" }));
  lockDatadir(folder).release();
});

it.runIf(process.platform === "linux")(
  "takes over the lock of a process that has ended and whose parent has not asked for its exit code",
  async () => {
    const script = 'exec 3<&0; sh -c "read line <&3; kill -9 \\$\\$" & echo $!; exec sleep 1000';
    const parent = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "ignore"] });
    const becomes = async (file: string, text: string) => {
      while (!readFileSync(file, "utf8").includes(text)) await new Promise((resolve) => setImmediate(resolve));
    };
    try {
      const pid = Number(String((await once(parent.stdout, "data"))[0]));
      await becomes(`/proc/${parent.pid}/comm`, "sleep"); // which asks for nobody's exit code
      parent.stdin.write("\n");
      await becomes(`/proc/${pid}/stat`, ") Z ");
      writeFileSync(join(folder, "lock"), JSON.stringify({ pid, started: "" }));
      expect(lockOwner(folder)).toBeUndefined();
      lockDatadir(folder).release();
    } finally {
      parent.kill("SIGKILL");
    }
  },
);

it("takes over a lock whose pid another program has now", () => {
  writeFileSync(join(folder, "lock"), JSON.stringify({ pid: process.pid, started: "an earlier boot/12345" }));
  const lock = lockDatadir(folder);
  expect(JSON.parse(readFileSync(join(folder, "lock"), "utf8")).pid).toBe(process.pid);
  lock.release();
});

it("names the process that holds a directory, and never one that only has its pid", () => {
  expect(lockOwner(folder)).toBeUndefined();
  const lock = lockDatadir(folder);
  expect(lockOwner(folder)).toBe(process.pid);
  lock.release();
  writeFileSync(join(folder, "lock"), JSON.stringify({ pid: process.pid, started: "an earlier boot/12345" }));
  expect(lockOwner(folder)).toBeUndefined();
});

it("refuses a lock that names no owner while it may be being written, and takes over an old one", () => {
  const path = join(folder, "lock");
  const later = Date.now() / 1000 + 3600; // still new, however long this takes
  for (const content of ["", "{", '{"pid":"1"}']) {
    writeFileSync(path, content);
    utimesSync(path, later, later);
    expect(() => lockDatadir(folder)).toThrow(LOCKED);
    utimesSync(path, 1_000, 1_000);
    lockDatadir(folder).release();
  }
});

it("binds a directory to one genesis", () => {
  const ours = new Uint8Array(32).fill(1);
  writeFileSync(join(folder, "genesis-hash"), ""); // what a crash at the first start leaves
  guardGenesis(folder, ours);
  guardGenesis(folder, ours);
  expect(() => guardGenesis(folder, new Uint8Array(32).fill(2))).toThrow(expect.objectContaining({ code: "DATADIR_OTHER_GENESIS" }));
});
