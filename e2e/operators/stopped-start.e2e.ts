/** A start that waits for room on the disk: it says so, and who stops it meanwhile gets an end and no failure. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launcher } from "../harness/devnet.ts";
import { isAlive, startProcess } from "../harness/processes.ts";
import { runCommand } from "../harness/run-command.ts";
import { until } from "../harness/wait.ts";

const folder = mkdtempSync(join(tmpdir(), "noema-stopped-"));
const at = (...names: string[]) => join(folder, ...names);
/** The machine's, not npm's before it: an older one starts another, as it does for an operator. */
const ownNode =
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter((x) => !x.includes("node_modules"))
    .map((x) => join(x, "node"))
    .find((x) => existsSync(x)) ?? process.execPath;
const log = () => (existsSync(at("eve", "node.log")) ? readFileSync(at("eve", "node.log"), "utf8") : "");

const noema = async (...args: string[]) => {
  const outcome = await runCommand(process.execPath, [launcher, ...args], { cwd: folder });
  expect(outcome, args.join(" ")).toMatchObject({ code: 0 });
};

beforeAll(async () => {
  writeFileSync(at("password"), "correct horse\n", { mode: 0o600 });
  const password = ["--password-file", "password"];
  await noema("keys", "new", "--datadir", "alice", "--mnemonic-file", "words", "--kdf", "pbkdf2", ...password);
  const place = ["--address", "/ip4/203.0.113.7/tcp/9700", "--fee-address", `0x${"1".repeat(40)}`];
  await noema("network", "register", "--datadir", "alice", ...password, "--name", "alice", "--out", "alice.json", ...place);
  await noema("network", "new", "--validators", "alice.json", "--chain-id", "4242", "--name", "testnet");
  await noema("init", "--network", "network.json", "--datadir", "eve", "--rpc-port", "0", "--metrics-port", "0", "--p2p-port", "0");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves once it waits. */
async function startNode() {
  rmSync(at("eve", "node.log"), { force: true });
  const env = { ...process.env, NOEMA_DISK_RESERVE: String(2 ** 50) };
  const node = startProcess(ownNode, [launcher, "start", "--datadir", at("eve")], { env });
  await until(
    () => node.ending() !== undefined || /DISK_FULL: the disk has \d+ bytes free/.test(log()),
    () => `it does not say so: ${node.output()}`,
  );
  expect(log(), node.output()).toContain('"msg":"the node starts"');
  return node;
}

it("says what it waits for, and ends in peace", async () => {
  const node = await startNode();
  node.child.kill("SIGTERM");
  expect(await node.ended).toEqual({ code: 0, output: "" });
  expect(log()).toMatch(/"msg":"(node stopped|the node ends without waiting any longer)/); // the second where a thread still loads after 2 s
  expect(log()).not.toContain("start failed");
});

it("is what the shell shows: signals reach it there, and it is gone when that is killed", async () => {
  const node = await startNode();
  const pid = Number(/"process":(\d+)/.exec(log())?.[1]);
  node.child.kill("SIGUSR2");
  await until(
    () => node.ending() !== undefined || log().includes("SIGUSR2: what this process holds"),
    () => "it says nothing of the signal",
  );
  expect(isAlive(pid)).toBe(true);
  node.child.kill("SIGKILL");
  await until(
    () => !isAlive(pid),
    () => `${pid} lives on`,
  );
  expect((await node.ended).code).toBe(null);
});
