/** SIGUSR1 opens Node's debugger in a process that lets it: not in ours, which hold keys, however they were started. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAlive, launcher, type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { endWithTests, startProcess } from "../harness/processes.ts";
import { until } from "../harness/wait.ts";

/** Ports that a process listens on, by its sockets (Linux). */
function listening(pid: number): number[] {
  const own = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      own.add(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? "");
    } catch {} // closed meanwhile
  }
  const rows = ["tcp", "tcp6"].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, "utf8").trim().split("\n").slice(1));
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === "0A" && own.has(inode as string))
    .map(([, local]) => Number.parseInt(local?.split(":")[1] as string, 16))
    .sort((a, b) => a - b);
}

/** By then a process that was told before has heard it as well. */
async function debuggerOfAnother(): Promise<void> {
  const other = startProcess(process.execPath, [
    "--inspect-port=0",
    "-e",
    "console.log('up'); new MessageChannel().port1.onmessage = () => {}",
  ]);
  await until(
    () => other.output().includes("up"),
    () => "no other process",
  );
  other.child.kill("SIGUSR1");
  await until(
    () => other.output().includes("Debugger listening"),
    () => `the control opened no debugger: ${other.output()}`,
  );
  expect(listening(other.child.pid as number)).toHaveLength(1);
  other.child.kill("SIGKILL");
}

describe.skipIf(process.platform !== "linux")("SIGUSR1", () => {
  let net: RunningDevnet;
  beforeAll(async () => {
    net = await startDevnet(["--validators", "1"]);
  });
  afterAll(() => net?.destroy());

  it("opens no debugger in a devnet and its validators, which live on", async () => {
    const pids = [net.parent.pid as number, net.pidOf(0)];
    const before = pids.map(listening);
    for (const pid of pids) process.kill(pid, "SIGUSR1");
    await debuggerOfAnother();
    expect(await rpc(net.rpcUrl, "eth_chainId")).toBe("0x7a69");
    expect(pids.map(listening)).toEqual(before);
    expect(pids.map(isAlive)).toEqual([true, true]);
    const log = readFileSync(join(net.config.validators[0]?.datadir as string, "node.log"), "utf8");
    for (const text of [net.output(), log]) expect(text).not.toMatch(/debugger|inspector/i);
  });

  it("nor in a validator that somebody started without the flag", async () => {
    const validator = net.config.validators[0] as RunningDevnet["validators"][number];
    expect(validator.command).toContain("--disable-sigusr1");
    await net.kill(0);
    const config = join(validator.datadir, "config.json");
    const again = spawn(process.execPath, [launcher, "start", "--config", config], { stdio: ["ignore", "pipe", "pipe"] });
    endWithTests(again);
    let said = "";
    for (const stream of [again.stdout, again.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (said += chunk));
    const pid = again.pid as number;
    const answers = () => rpc(validator.rpcUrl, "eth_chainId").catch(() => undefined);
    await until(
      async () => (await answers()) !== undefined,
      () => `it did not come back: ${said}`,
    );
    const before = listening(pid);
    process.kill(pid, "SIGUSR1");
    await debuggerOfAnother();
    expect(await answers()).toBe("0x7a69");
    expect(listening(pid)).toEqual(before);
    expect(said).toBe("");
    again.kill("SIGTERM");
    await new Promise((ended) => again.once("exit", ended));
  });
});
