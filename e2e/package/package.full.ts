/** npm's package from an empty folder: a devnet, a transaction, a call of a model. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DevnetConfig, rpc } from "../harness/devnet.ts";
import { startProcess } from "../harness/processes.ts";
import { runCommand } from "../harness/run-command.ts";
import { until } from "../harness/wait.ts";
import { type Installed, installPackage } from "./install.ts";

const INFER = `0x${"0a01".padStart(40, "0")}`;

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

it("names only what it brings along", async () => {
  const { code, stdout } = await runCommand(installed.launcher, ["--help"], installed.asUser);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: noema <command>/);
  expect(stdout).not.toMatch(/npm run|Contributor/);
});

it("brings no packages of others, and begins a project that its user may change", async () => {
  const { launcher, asUser, project, cwd } = installed;
  const brought = readdirSync(join(project, "node_modules", "noema"), { recursive: true, encoding: "utf8" });
  expect(brought.filter((path) => path.includes("node_modules"))).toEqual([]);
  expect(await runCommand(launcher, ["new", "first"], asUser)).toMatchObject({ code: 0 });
  for (const path of ["package.json", "contracts/IInference.sol", "page/main.js"])
    expect(statSync(join(cwd, "first", path)).mode & 0o200).toBe(0o200);
});

it("runs a devnet that takes transactions and calls a model", async () => {
  const { launcher, asUser, cwd, home, project } = installed;
  const configOut = join(cwd, "devnet.json");
  const ports = ["--port", "0", "--metrics-port", "0"];
  const devnet = startProcess(launcher, ["devnet", "--validators", "1", ...ports, "--config-out", configOut], asUser);
  await until(
    () => existsSync(configOut) || devnet.ending() !== undefined,
    () => "the devnet did not start",
  );
  expect(devnet.ending(), devnet.output()).toBeUndefined();
  const { rpcUrl, accounts } = JSON.parse(readFileSync(configOut, "utf8")) as DevnetConfig;
  const [from, to] = accounts.map((x) => x.address);
  const hash = await rpc(rpcUrl, "eth_sendTransaction", { from, to, value: "0x1" });
  expect(await rpc(rpcUrl, "eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  const [model] = await rpc<{ id: string; inputBytes: number; outputBytes: number }[]>(rpcUrl, "noema_models");
  const data = model?.id + "80".repeat(model?.inputBytes as number);
  const scores = await rpc<string>(rpcUrl, "eth_call", { from, to: INFER, data }, "latest");
  expect(scores).toHaveLength(2 + 2 * (model?.outputBytes as number));
  devnet.child.kill("SIGINT");
  expect((await devnet.ended).code).toBe(0);
  expect(readdirSync(home)).toEqual([".cache"]);
  expect(readdirSync(cwd).sort()).toEqual([".noema", "devnet.json", "first"]);
  expect(readdirSync(project).sort()).toEqual(["node_modules", "package-lock.json", "package.json"]);
});
