/** The JavaScript of the first hour's page and its curl lines, as they stand there, against a devnet. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";

const here = fileURLToPath(new URL(".", import.meta.url)); // where viem and ethers are found
const page = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const scripts = [...page("docs/first-hour/dapp.md").matchAll(/^```js\n(.*?)^```$/gms)].map((x) => ({
  name: /from "(viem|ethers)"/.exec(x[1] as string)?.[1],
  script: x[1] as string,
}));
const curls = [...page("docs/first-hour/validator.md").matchAll(/`(curl [^`]+)`/g)].map((x) => x[1] as string);

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet(["--validators", "1"]);
});
afterAll(() => net?.destroy());

const onDevnet = (text: string) => text.replaceAll("http://127.0.0.1:8545", net.rpcUrl);

it("there are two scripts and three questions", () => {
  expect(scripts).toHaveLength(2);
  expect(curls.filter((x) => x.includes("8545"))).toHaveLength(3);
});

it.each(scripts)("$name", async ({ script }) => {
  const args = ["--input-type=module", "--eval", onDevnet(script)];
  const { code, stdout, stderr } = await runCommand(process.execPath, args, { cwd: here });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(/^(success|1)\n$/), stderr: "" });
});

it.each(curls.filter((x) => x.includes("8545")))("%s", async (line) => {
  const { code, stdout } = await runCommand("sh", ["-c", onDevnet(line)]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).not.toHaveProperty("error");
});
