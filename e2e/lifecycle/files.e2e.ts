/** What a devnet and its validators do with their files: logs, moved folders, damage, and places that cannot be used. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { heightOf } from "../harness/chain.ts";
import { isAlive, launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";

let folder = "";
const started: { devnets: RunningDevnet[]; processes: ChildProcess[] } = { devnets: [], processes: [] };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-e2e-"));
});
afterEach(async () => {
  for (const child of started.processes.splice(0)) child.kill("SIGKILL");
  for (const devnet of started.devnets.splice(0)) await devnet.destroy();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(...args: string[]): Promise<RunningDevnet> {
  const devnet = await startDevnet(["--validators", "1", ...args], folder);
  started.devnets.push(devnet);
  return devnet;
}

type Ended = { code: number | null; stdout: string; stderr: string };

/** A command that is expected to end by itself. */
function attempt(command: string): Promise<Ended> {
  const child = spawn("sh", ["-c", `exec ${command}`], { stdio: ["ignore", "pipe", "pipe"] });
  started.processes.push(child);
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].on("data", (chunk) => (text[name] += chunk));
  return new Promise((done) => child.once("close", (code) => done({ code, ...text })));
}

const devnetCommand = (...args: string[]) => [process.execPath, launcher, "devnet", "--validators", "1", "--port", "0", ...args].join(" ");
const attemptDevnet = (...args: string[]) => attempt(devnetCommand("--metrics-port", "0", ...args.map((x) => `'${x}'`)));

/** One sentence with a code, and nothing of Node's. */
function expectRefusal(ended: Ended, code: string, text: string): void {
  expect(ended.code).toBeGreaterThan(0);
  expect(ended.stderr).toContain(code);
  expect(ended.stderr).toContain(text);
  expect(ended.stderr).not.toMatch(/^\s+at |node:internal/m);
}

type Line = { level: string; msg: string; code?: string; path?: string; mode?: string };

function linesOf(log: string): Line[] {
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

/** The restart command, with an output that nobody keeps. */
async function restart(command: string, rpcUrl: string): Promise<ChildProcess> {
  const child = spawn("sh", ["-c", `exec ${command}`], { stdio: "ignore" });
  started.processes.push(child);
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
      return fetch(`${rpcUrl}/livez`).then(
        (x) => x.ok,
        () => false,
      );
    },
    () => `${command} does not answer`,
  );
  return child;
}

it("a validator's log goes on after a restart by its command, also from a folder that was moved", async () => {
  const devnet = await start();
  const [validator] = devnet.validators as [RunningDevnet["validators"][number]];
  const log = join(validator.datadir, "node.log");
  await devnet.kill(0);
  const second = await restart(validator.command, validator.rpcUrl);
  expect(linesOf(log).filter((x) => x.msg === "node started")).toHaveLength(2);
  second.kill("SIGTERM");
  await new Promise((done) => second.once("exit", done));
  expect(await devnet.interrupt()).toBe(0);

  const moved = join(folder, "moved");
  renameSync(join(folder, "data"), moved);
  const command = `${process.execPath} ${launcher} start --config ${join(moved, "validator-0", "config.json")}`;
  chmodSync(join(moved, "validator-0", "keys", "validator.json"), 0o644);
  await restart(command, validator.rpcUrl);
  expect(await heightOf(validator.rpcUrl)).toBe(0);
  expect(readdirSync(folder)).not.toContain("data");
  const after = linesOf(join(moved, "validator-0", "node.log"));
  expect(after.filter((x) => x.msg === "node started")).toHaveLength(3);
  expect(after.find((x) => x.level === "warn" && x.path?.endsWith("validator.json"))?.mode).toBe("0644");

  // a failed start: the log has one error with its code, the terminal one sentence
  const config = join(moved, "validator-0", "config.json");
  expectRefusal(await attempt(command), "DATADIR_LOCKED", "is used by process");
  const broken = join(moved, "validator-0", "broken.json");
  writeFileSync(broken, `\ufeff${JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), genesis: "../absent.json" })}`);
  expectRefusal(await attempt(command.replace(config, broken)), "FILE_UNREADABLE", join(moved, "absent.json"));
  const errors = linesOf(join(moved, "validator-0", "node.log")).filter((x) => x.level === "error");
  expect(errors.map((x) => x.code)).toEqual(["DATADIR_LOCKED", "FILE_UNREADABLE"]);
});

it("what cannot be used is refused with file and cause", async () => {
  const at = (name: string) => join(folder, name);
  writeFileSync(at("file"), "");
  mkdirSync(at("empty"));
  writeFileSync(at("empty/devnet.json"), "");
  mkdirSync(at("folder/devnet.json"), { recursive: true });
  const cases: [string[], string, string][] = [
    [["--datadir", at("file")], "FILE_UNWRITABLE", `${at("file")}: a file stands there`],
    [["--datadir", at("file/x")], "FILE_UNWRITABLE", "a part of its path is a file"],
    [["--datadir", "/proc/noema"], "FILE_UNWRITABLE", "/proc/noema"],
    [["--datadir", at("empty")], "DEV_DATADIR_DAMAGED", `${at("empty/devnet.json")} is empty: restore it, or begin again with --fresh`],
    [["--datadir", at("folder")], "DEV_DATADIR_DAMAGED", "it is a folder"],
    [["--datadir", at("new"), "--host", "host.invalid"], "HOST_UNUSABLE", "host.invalid"],
    [["--datadir", at("new"), "--host", "192.0.2.1"], "HOST_UNUSABLE", "is not an address of this machine"],
    [["--datadir", at("new"), "--mnemonic", "test test test test test test test test test test test jnuk"], "MNEMONIC_INVALID", '"jnuk"'],
    [["--datadir", at("new"), "--config-out", at("empty")], "FILE_UNWRITABLE", `${at("empty")}: it is a folder`],
  ];
  for (const [args, code, text] of cases) expectRefusal(await attemptDevnet(...args), code, text);
});

it("one mnemonic in another dress resumes; a damaged folder begins again with --fresh; open keys are told", async () => {
  const words = "test test test test test test test test test test test junk";
  const first = await start("--mnemonic", `  ${words.toUpperCase().replaceAll(" ", "  ")}\r`);
  expect(first.accounts[0]?.address).toBe("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  expect(await first.interrupt()).toBe(0);
  chmodSync(join(folder, "data", "validator-0", "keys", "validator.json"), 0o644);
  const second = await start();
  expect(second.output()).toMatch(/validator\.json.* others can read it \(mode 0644\)/);
  expect(await second.interrupt()).toBe(0);

  writeFileSync(join(folder, "data", "devnet.json"), "");
  expectRefusal(await attemptDevnet("--datadir", join(folder, "data")), "DEV_DATADIR_DAMAGED", "--fresh");
  const third = await start("--fresh");
  expect(third.pids.every(isAlive)).toBe(true);
});
