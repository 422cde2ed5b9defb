/** A checkout of github.com/OpenZeppelin/openzeppelin-contracts, after `npm ci` there. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { placeCompiler } from "../local-compiler.ts";
import { here, type RunningNode, toolEnv } from "../nodes.ts";
import { runScript } from "../project.ts";

const CONFIG = "tools.config.ts";
const PREDEPLOY = /predeploy/i;
const solc = join(here, "node_modules/solc");

/** `left`: files whose contracts a plugin that is not installed would have put in place. */
export type Checkout = { folder: string; files: string[]; left: number };

/** Compiles it unless that was done, and lists its test files. Throws when `npm ci` has not been run. */
export async function openCheckout(node: RunningNode, folder: string): Promise<Checkout> {
  if (!existsSync(join(folder, "node_modules/hardhat"))) throw new Error(`npm ci has not been run in ${folder}`);
  const predeploys = existsSync(join(folder, "node_modules/hardhat-predeploy"));
  writeFileSync(join(folder, CONFIG), configOf(folder, predeploys));
  placeCompiler(toolEnv(node.folder).XDG_CACHE_HOME as string, solc);
  if (!existsSync(join(folder, "artifacts"))) await hardhat(node, folder, ["build", "--no-tests"]);
  const files = readdirSync(join(folder, "test"), { recursive: true, encoding: "utf8" })
    .filter((x) => /\.test\.[jt]s$/.test(x))
    .sort();
  const usable = predeploys ? files : files.filter((file) => !needsPredeploys(join(folder, "test", file)));
  return { folder, files: usable.map((x) => `test/${x}`), left: files.length - usable.length };
}

/** `variables`: REPORT is where mocha's is written. */
export function hardhat(node: RunningNode, folder: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
  const version = (JSON.parse(readFileSync(join(solc, "package.json"), "utf8")) as { version: string }).version;
  const env = { COMPILER: version, ...variables };
  return runScript(node, folder, "node_modules/hardhat/dist/src/cli.js", ["--config", CONFIG, ...args], env);
}

/** Theirs, with the node's address and mocha's report. */
function configOf(folder: string, predeploys: boolean): string {
  return readFileSync(join(folder, "hardhat.config.ts"), "utf8")
    .split("\n")
    .filter((line) => predeploys || !PREDEPLOY.test(line))
    .join("\n")
    .replace("networks: {", 'networks: { tools: { type: "http", url: process.env.NODE_URL ?? "" },')
    .replace(/^ {2}test: \{/m, '  test: { mocha: { reporter: "json", reporterOptions: { output: process.env.REPORT } },');
}

/** Whether the file or one that it imports asks for `ethers.predeploy`. */
function needsPredeploys(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  if (/\.predeploy\b/.test(text)) return true;
  return [...text.matchAll(/from '(\.[^']*)'/g)]
    .map((match) => fileOf(join(dirname(file), match[1] as string)))
    .some((imported) => imported !== undefined && needsPredeploys(imported, seen));
}

function fileOf(path: string): string | undefined {
  return [path, `${path}.js`, `${path}.ts`].find((x) => existsSync(x) && statSync(x).isFile());
}
