/** examples/gate as its README says it is run: a token refuses what a model calls spam, and counts words as the trainer does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPublicClient, getContractAddress, type Hex, http, parseAbi, toHex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bind } from "../../converter/src/commands/bind.ts";
import { infer, inputOf, type Model, noema } from "../../precompiles/contracts/viem.mjs";
import { memoInput } from "../../tools/models/spam/words.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";

const example = fileURLToPath(new URL("../../examples/gate", import.meta.url));
const model = join(example, "spam.nmodel");

let net: RunningDevnet;
let spam: Model;
beforeAll(async () => {
  bind(model, { out: join(example, "bound"), force: true });
  ({ spam } = (await import(join(example, "bound/Spam.ts"))) as { spam: Model });
  net = await startDevnet(["--validators", "1", "--model", model]);
});
afterAll(() => net?.destroy());

const client = () => createPublicClient({ transport: http(net.rpcUrl) }).extend(noema);

it("lets a memo pass, and refuses spam", async () => {
  const { code, stdout, stderr } = await runCommand(process.execPath, ["main.ts", net.rpcUrl], { cwd: example });
  expect(stderr).toBe("");
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("the model is active, 65568 multiply-accumulates a memo");
  expect(lines[1]).toMatch(/^ham \(-?\d+ and -?\d+\): Rent for March/);
  expect(lines[2]).toMatch(/^ {2}transfer: success, \d+ gas$/);
  expect(lines[3]).toMatch(/^spam \(-?\d+ and -?\d+\): CONGRATULATIONS/);
  expect(lines.slice(4)).toEqual(["  refused: MemoIsSpam", "balance of the receiver: 1n"]);
  expect(code).toBe(0);
});

/** main.ts deploys first, as the devnet's first account. */
const token = () => ({
  address: getContractAddress({ from: net.accounts[0]!.address, nonce: 0n }),
  abi: parseAbi(["function words(string memo) pure returns (bytes)", "error MemoTooLong(uint256 length)"]),
});

it.each([
  "",
  "Hi",
  "FREE!!! 100% $$$ won, free - free",
  "Zürich 😀 naïve",
  "a".repeat(512),
  readFileSync(new URL("../../LICENSE", import.meta.url), "utf8").slice(0, 512),
])("the contract counts the words of %j as the trainer does", async (memo) => {
  const words = await client().readContract({ ...token(), functionName: "words", args: [memo] });
  expect(words).toBe(toHex(Uint8Array.from(memoInput(Buffer.from(memo)))));
});

it("a memo of more than 512 bytes is refused", async () => {
  const asked = client().readContract({ ...token(), functionName: "words", args: ["a".repeat(513)] });
  await expect(asked).rejects.toThrow(/MemoTooLong/);
});

it("the actions of the client say what is wrong", async () => {
  const unknown = { ...spam, modelId: `0x${"11".repeat(32)}` as Hex };
  await expect(infer(client(), unknown, inputOf(unknown, new Int8Array(4096)))).rejects.toThrow(/reverted/);
  expect(() => inputOf(spam, new Int8Array(4095))).toThrow("4095 elements where 4096 are expected");
  expect(await client().modelInfo(spam.modelId)).toMatchObject({ status: "active", inputBytes: 4096, outputBytes: 2, royalty: 0n });
  await expect(client().modelInfo(`0x${"11".repeat(32)}`)).rejects.toThrow();
});
