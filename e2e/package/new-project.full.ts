/** `noema new`: the project installs, its test and its script run against a devnet, its page is bundled. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { npmCommand } from "../../tools/testing/npm.ts";
import { launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "noema-new-"));
const project = join(folder, "my-first");
const noema = (...args: string[]) => runCommand(process.execPath, [launcher, ...args], { cwd: folder });

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet(["--validators", "1"]);
});
afterAll(async () => {
  await net?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function npm(...args: string[]) {
  const { file, args: all, env } = npmCommand(...args);
  return runCommand(file, all, { cwd: project, env: { ...env, RPC_URL: net.rpcUrl } });
}

it("makes a project of that name, and never over what is there", async () => {
  expect(await noema("new", "my-first")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/cd my-first && npm install && npm test/),
  });
  expect(JSON.parse(readFileSync(join(project, "package.json"), "utf8"))).toMatchObject({ name: "my-first", private: true });
  expect(await noema("new", "my-first")).toMatchObject({ code: 2, stderr: expect.stringMatching(/exists and is not empty/) });
  expect(await noema("new", "No Name")).toMatchObject({ code: 2, stderr: expect.stringMatching(/no name of a package/) });
  expect(existsSync(join(folder, "No Name"))).toBe(false);
});

it("runs its test and its script", async () => {
  expect(await npm("install", "--no-audit", "--no-fund")).toMatchObject({ code: 0 });
  expect(await npm("test")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^# pass 3$|pass 3\n/m) });
  expect(await npm("--silent", "start", "--", net.rpcUrl)).toMatchObject({ code: 0, stdout: expect.stringMatching(/last: 7\n$/) });
});

it("its page is one script that knows the contract", async () => {
  const { address } = JSON.parse(readFileSync(join(project, "deployed.json"), "utf8")) as { address: string };
  const args = [join(project, "node_modules", ".bin", "esbuild"), "page/main.js", "--bundle", "--format=esm"];
  const { code, stdout } = await runCommand(args[0] as string, args.slice(1), { cwd: project });
  expect(code).toBe(0);
  expect(stdout).toContain(address);
});
