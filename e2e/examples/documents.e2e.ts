/**
 * What README.md, docs/ and the examples show to be typed, as it stands there, against one devnet: shell, JavaScript, TypeScript, Java and
 * Solidity. Blocks that say `unrun` are counted in tools/documents.test.ts, which also reads every command's options.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { createPublicClient, createWalletClient, type Hex, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { afterAll, beforeAll, expect, it } from "vitest";
import { floats, onnxModel, reals } from "../../converter/src/onnx/testing/onnx-model.ts";
import { writeNpy } from "../../converter/src/testing/write-npy.ts";
import { type Block, blocksOf, pages } from "../../tools/testing/blocks.ts";
import { root } from "../../tools/walls.ts";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";

const shown = pages
  .filter((page) => /^(README\.md|docs\/(?!operate)|examples\/)/.test(page)) // e2e/operators runs the page of operators
  .flatMap((page) => blocksOf(page))
  .filter((x) => !x.words.includes("unrun") && x.language !== "text");
const of = (language: string) => shown.filter((x) => x.language === language);
const place = ({ page, line }: Block) => `${page}:${line}`;

/** A clone as a newcomer has it, in which what a page writes stays out of ours: links to all that is in the root. */
const clone = mkdtempSync(join(ensured(join(root, ".cache")), "documents-"));
for (const name of readdirSync(root)) if (name !== ".cache" && name !== ".git") symlinkSync(join(root, name), join(clone, name));

/** What docs/models.md supposes: a model of 784 inputs and ten outputs, and inputs for it. */
function plantModel(): void {
  const weights = floats("w", [784, 10], reals(7840, 1));
  writeFileSync(join(clone, "net.onnx"), onnxModel([1, 784], [{ op: "Gemm", inputs: ["x", "w"] }], [weights]));
  for (const [name, seed] of [["some", 2], ["others", 3], ["inputs", 4]] as const) // biome-ignore format: one line
    writeFileSync(join(clone, `${name}.npy`), writeNpy([4, 784], Float32Array.from(reals(4 * 784, seed))));
  writeFileSync(join(clone, "names.txt"), `${[..."abcdefghij"].join("\n")}\n`);
}

let net: RunningDevnet;
beforeAll(async () => {
  plantModel();
  mkdirSync(join(clone, "test"));
  await runShell("docs/models.md"); // makes the model that the devnet has
  /** Another to read from is all that the pages need. */
  const two = ["--validators", "2"];
  net = await startDevnet([...two, "--model", `${join(clone, "net.nmodel")},${join(root, "examples/gate/spam.nmodel")}`]);
});
afterAll(async () => {
  await net?.destroy();
  rmSync(clone, { recursive: true });
});

const metricsPort = () => JSON.parse(readFileSync(join(net.validators[0]?.datadir as string, "config.json"), "utf8")).metrics.port;
const onDevnet = (text: string) =>
  text
    .replaceAll(/http:\/\/127\.0\.0\.1:854(\d)/g, (_, i) => net.rpcUrls[Number(i) - 5] as string)
    .replaceAll("http://127.0.0.1:9545", () => `http://127.0.0.1:${metricsPort()}`);

/** `npm ci` has been run, and a machine may lack cast. */
const PRELUDE = `npm() { [ "$1" = ci ] || command npm "$@"; }
command -v cast > /dev/null || cast() { echo "no cast here"; }`;
const PATH = [dirname(process.execPath), join(root, "e2e/node_modules/.bin"), process.env.PATH].join(delimiter);

/** The page's blocks in one shell, each from the root; what they print. */
async function runShell(page: string): Promise<string> {
  const blocks = of("sh").filter((x) => x.page === page).map((x) => `: ${place(x)}\ncd ${clone}\n${x.text}`); // biome-ignore format: one line
  const script = [PRELUDE, "set -eu", ...blocks].join("\n");
  const lines = net === undefined ? script : onDevnet(script);
  const { code, stdout, stderr } = await runCommand("bash", ["-c", lines], { cwd: clone, env: { ...process.env, PATH } });
  if (code !== 0) throw new Error(`${page} ends with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

const solc = createRequire(join(root, "examples/reader/package.json"))("solc") as { compile(input: string, imports: object): string };

function compile({ text }: Block): { abi: readonly unknown[]; bytecode: Hex } {
  const settings = { optimizer: { enabled: true }, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };
  const licensed = text.includes("pragma") ? text : `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\n${text}`;
  const input = { language: "Solidity", sources: { "shown.sol": { content: licensed } }, settings };
  const contents = readFileSync(join(root, "precompiles/contracts/IInference.sol"), "utf8");
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: () => ({ contents }) }));
  expect(output.errors).toBeUndefined();
  const [contract] = Object.values(output.contracts["shown.sol"]) as { abi: unknown[]; evm: { bytecode: { object: string } } }[];
  return { abi: contract!.abi, bytecode: `0x${contract!.evm.bytecode.object}` };
}

it("there is something of each", () => {
  for (const language of ["sh", "js", "ts", "java", "solidity"]) expect(of(language), language).not.toEqual([]);
});

it.each([...new Set(of("sh").map((x) => x.page))].filter((x) => x !== "docs/models.md"))("the shell of %s", async (page) => {
  const stdout = await runShell(page);
  for (const { text } of blocksOf(page).filter((x) => x.language === "text" && !x.words.includes("unrun")))
    expect(shapeOf(stdout)).toContain(shapeOf(text));
  expect(stdout).not.toContain('"error"');
});

/** Numbers and addresses differ from run to run. */
const shapeOf = (text: string) => text.replaceAll(/0x[0-9a-f]+|\d+/g, "N");

it("what is put is what another validator gives", () => {
  expect(readFileSync(join(clone, "copy.txt"))).toEqual(readFileSync(join(root, "README.md")));
});

it.each(of("js").map((x) => [place(x), x] as const))("%s", async (_, { text }) => {
  const args = ["--input-type=module", "--eval", onDevnet(text)];
  const { code, stdout, stderr } = await runCommand(process.execPath, args, { cwd: import.meta.dirname }); // where viem and ethers are found
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(/^(success|1)\n$/), stderr: "" });
});

it.each(of("ts").map((x) => [place(x), x] as const))("%s", async (_, { text }) => {
  const file = join(clone, "contracts/shown.ts");
  writeFileSync(file, `${onDevnet(text)}\nconsole.log(label, values.length, status.toString(), macs.toString());\n`);
  const { code, stdout, stderr } = await runCommand(process.execPath, [file]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(/^[a-j] 10 \w+ 7840\n$/), stderr: "" });
});

it.each(of("java").map((x) => [place(x), x] as const))("%s", async (_, { text }) => {
  const { stdout: modules } = await runCommand("java", ["--list-modules"]);
  if (!modules.includes("jdk.compiler")) return; // no JDK here
  const file = join(clone, "Shown.java");
  const imports = "import java.net.URI;\nimport java.net.http.*;\n";
  writeFileSync(file, `${imports}class Shown { public static void main(String[] x) throws Exception {\n${onDevnet(text)}\n} }\n`);
  const { code, stdout, stderr } = await runCommand("java", [file]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(/^\{.*"result":"0x[0-9a-f]+"\}\n$/), stderr: "" });
});

it.each(of("solidity").map((x) => [place(x), x] as const))("%s compiles", (_, block) => {
  expect(compile(block).bytecode.length).toBeGreaterThan(100);
});

it("the README's own contract is deployed and calls a model", async () => {
  const { abi, bytecode } = compile(of("solidity").find((x) => x.page === "README.md") as Block);
  const transport = http(net.rpcUrl);
  const account = mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex: 5 });
  const wallet = createWalletClient({ account, chain: foundry, transport });
  const node = createPublicClient({ chain: foundry, transport });
  const models = await rpc<{ id: Hex; name: string }[]>(net.rpcUrl, "noema_models");
  const hash = await wallet.deployContract({ abi, bytecode, args: [models.find((x) => x.name === "digits")!.id] });
  const { contractAddress } = await node.waitForTransactionReceipt({ hash });
  const call = { address: contractAddress as Hex, abi, functionName: "scores", args: [`0x${"80".repeat(784)}`] };
  expect(await node.readContract(call)).toMatch(/^0x[0-9a-f]{20}$/);
});

/** In docs/first-hour/validator.md the questions stand in a table. */
const curls = [...readFileSync(join(root, "docs/first-hour/validator.md"), "utf8").matchAll(/`(curl [^`]+)`/g)].map((x) => x[1] as string);

it("there are questions", () => {
  expect(curls.length).toBeGreaterThan(3);
});

it.each(curls)("%s", async (line) => {
  const { code, stdout } = await runCommand("sh", ["-c", onDevnet(line)]);
  expect([code, stdout.length > 0]).toEqual([0, true]);
  expect(stdout).not.toContain('"error"');
});

function ensured(folder: string): string {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  return folder;
}
