import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockDatadir, lockOwner, lockReleased } from "./datadir-lock.ts";

let folder = "";
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-lock-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const LOCKED = expect.objectContaining({ code: "DATADIR_LOCKED" });
const STARTER = fileURLToPath(new URL("./testing/starter.ts", import.meta.url));
const names = () => readdirSync(join(folder, "lock"));

type Starter = { child: ChildProcess; lock(path: string): Promise<string>; leave(): void };

/** A process of its own; `wrap` runs it inside something else. */
async function starter(wrap: readonly string[] = []): Promise<Starter> {
  const [command, ...args] = [...wrap, process.execPath, STARTER] as unknown as [string, ...string[]];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  expect(await line()).toBe("ready");
  return {
    child,
    lock(path) {
      child.stdin.write(`${path}\n`);
      return line();
    },
    leave: () => void child.stdin.write("\n"),
  };
}

async function killed({ child }: Starter): Promise<void> {
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
}

it("lets one in, and the next when it has left", async () => {
  const lock = await lockDatadir(folder);
  await expect(lockDatadir(folder)).rejects.toEqual(LOCKED);
  expect(await lockReleased(folder, 0)).toBe(false);
  lock.release();
  lock.release();
  expect(await lockReleased(folder, 0)).toBe(true);
  (await lockDatadir(folder)).release();
  expect(names()).toEqual([]);
});

it("leaves another's lock where the folder was made again", async () => {
  const lock = await lockDatadir(folder);
  rmSync(folder, { recursive: true });
  const other = await lockDatadir(folder);
  lock.release();
  await expect(lockDatadir(folder)).rejects.toEqual(LOCKED);
  other.release();
});

it("names the process that holds a directory, however long its path is", async () => {
  const deep = join(folder, "d".repeat(100), "d".repeat(100));
  for (const path of [folder, deep]) {
    expect(await lockOwner(path)).toBeUndefined();
    const lock = await lockDatadir(path);
    expect(await lockOwner(path)).toEqual({ pid: process.pid });
    await expect(lockDatadir(path)).rejects.toThrow(`${path} is used by process ${process.pid}`);
    lock.release();
  }
});

it("takes over what kill -9 left, and what an earlier version left", async () => {
  writeFileSync(join(folder, "lock"), JSON.stringify({ pid: 1, started: "" }));
  const first = await starter();
  expect(await first.lock(folder)).toBe("held");
  await expect(lockDatadir(folder)).rejects.toThrow(`process ${first.child.pid}`);
  await killed(first);
  expect(names()).toHaveLength(1);
  expect(await lockOwner(folder)).toBeUndefined();
  const lock = await lockDatadir(folder);
  expect(names()).toHaveLength(1);
  lock.release();
});

it("counts a stopped process as living", async () => {
  const owner = await starter();
  expect(await owner.lock(folder)).toBe("held");
  owner.child.kill("SIGSTOP");
  await expect(lockDatadir(folder)).rejects.toEqual(LOCKED);
  expect(await lockOwner(folder)).toEqual({ pid: owner.child.pid });
});

it("waits for a release without asking again", async () => {
  const owner = await starter();
  expect(await owner.lock(folder)).toBe("held");
  const released = lockReleased(folder, 600_000);
  owner.leave();
  expect(await released).toBe(true);
});

it("leaves a name that a living process has not shown yet, and removes that of one that ended", async () => {
  const first = await lockDatadir(folder);
  const [, namespace] = String(names()[0]).split("-");
  first.release();
  const ended = await starter();
  await killed(ended);
  const hidden = (pid: number | undefined, space = namespace) => `.${pid}-${space}-${"0".repeat(16)}`;
  const [living, dead, elsewhere] = [hidden(process.pid), hidden(ended.child.pid), hidden(process.pid, "1")];
  for (const name of [living, dead, elsewhere]) writeFileSync(join(folder, "lock", name), ""); // refuses, as between bind and listen
  (await lockDatadir(folder)).release();
  expect(names().sort()).toEqual([elsewhere, living].sort());
});

it("of many that start at once exactly one gets in, beside names that the dead left", async () => {
  const [STARTERS, ROUNDS] = [20, 6];
  const starters = await Promise.all(Array.from({ length: STARTERS }, () => starter()));
  for (let round = 0; round < ROUNDS; round++) {
    const path = join(folder, `${round}`);
    mkdirSync(join(path, "lock"), { recursive: true });
    for (let i = 0; i < round; i++) writeFileSync(join(path, "lock", `${i}-0-${"0".repeat(15)}${i % 10}`), ""); // refuses, as a dead socket does
    const outcomes = await Promise.all(starters.map((x) => x.lock(path)));
    expect(outcomes.filter((x) => x !== "held")).toEqual(Array(STARTERS - 1).fill("DATADIR_LOCKED"));
    if (round % 2 === 0) {
      const winner = starters[outcomes.indexOf("held")] as Starter;
      winner.leave();
      expect(await lockReleased(path, 600_000)).toBe(true);
    }
  }
});

it("negative control: a starter that another's cleaning has made invisible is no obstacle", async () => {
  const lock = await lockDatadir(folder);
  for (const name of names()) rmSync(join(folder, "lock", name));
  (await lockDatadir(folder)).release(); // two hold: what the test above would see
  lock.release();
});

const UNSHARE = ["unshare", "--pid", "--net", "--fork", "--mount-proc", "--kill-child"];
const unshare = spawnSync(UNSHARE[0] as string, [...UNSHARE.slice(1), "true"]);
const why = unshare.error?.message ?? unshare.stderr.toString().trim();
if (unshare.status !== 0) process.stdout.write(`  not tried: two PID namespaces on one volume (${why})\n`);

it.skipIf(unshare.status !== 0)("a second PID and network namespace on the same volume is refused, and gets in after kill -9", async () => {
  const [first, second] = [await starter(UNSHARE), await starter(UNSHARE)];
  expect(await first.lock(folder)).toBe("held");
  expect(await second.lock(folder)).toBe("DATADIR_LOCKED");
  await expect(lockDatadir(folder)).rejects.toThrow("is used by a process of another container or PID namespace");
  expect(await lockOwner(folder)).toEqual({ pid: undefined });
  await killed(first);
  expect(await lockReleased(folder, 600_000)).toBe(true);
  expect(await second.lock(folder)).toBe("held");
  await expect(lockDatadir(folder)).rejects.toEqual(LOCKED);
});
