/** A network of docs/operate/README.md, word for word but for its ports and one address: NAMES in folders of their own, with nothing of a devnet. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { reach } from "../harness/chain.ts";
import { rpc } from "../harness/devnet.ts";
import { lastLinesOf, type StartedProcess, watch } from "../harness/processes.ts";
import { until } from "../harness/wait.ts";
import { commandsOf, run, start } from "./page.ts";
import { onLoopback, type Places } from "./places.ts";

export const NAMES = ["alice", "bob", "carol", "dave"];
const ALL = [...NAMES, "eve", "frank"];
const nOf = (name: string) => ALL.indexOf(name) + 1;
/** Operators, the full node, and the folder that the key moves to. */
export const NODES = 6;

export type Operators = Awaited<ReturnType<typeof gatherOperators>>;

/** `holder`: the account that has all coins. */
export async function gatherOperators(holder: string, places?: Places) {
  const root = mkdtempSync(join(tmpdir(), "noema-operators-"));
  const { addressOf, portOf, prefix, leave } = places ?? (await onLoopback(NODES));
  const nodes = new Map<string, StartedProcess>();
  const unwatch: (() => void)[] = [];
  const blocks = commandsOf();

  const folder = (name: string) => join(root, name);
  const urlOf = (n: number) => `http://${addressOf(n)}:${portOf(0, n)}`;
  const four = () => NAMES.map((_, i) => urlOf(i + 1));

  /** Commands with this network's ports and account. */
  const here = (commands: string) =>
    commands
      .replaceAll(/\b(8|9)([56])(4[4-9]|50)\b/g, (_, thousand, hundred, rest) => String(portOf(hundred === "6" ? 2 : thousand === "9" ? 1 : 0, Number(rest) - 44))) // biome-ignore format: one line
      .replace(/0x0+fa0ce/, holder);
  /** Block i of the section whose heading begins so. */
  function block(heading: string, i = 0): string {
    const found = [...blocks].find(([name]) => name.startsWith(heading))?.[1][i];
    if (found === undefined) throw new Error(`docs/operate/README.md has no block ${i} below "${heading}"`);
    return here(found);
  }
  function launch(name: string, command = block("4.", 1)): void {
    const node = start(command, folder(name), prefix(nOf(name)));
    nodes.set(name, node);
    unwatch.push(
      watch({
        lastWords: () => `${name}: ${node.output()}\n${lastLinesOf(join(folder(name), "node", "node.log"))}`,
        fault: () => (nodes.get(name) === node && node.ending() !== undefined ? `${name} ended: ${node.ending()}` : undefined),
      }),
    );
  }
  async function end(name: string, signal: NodeJS.Signals): Promise<void> {
    const node = nodes.get(name) as StartedProcess;
    nodes.delete(name);
    node.child.kill(signal);
    await node.ended;
  }
  /** Section 2, with where operator n is. */
  const register = (n: number) => block("2.", 1).replace("/ip4/127.0.0.1/", `/ip4/${addressOf(n)}/`);
  const isUp = (url: string) => fetch(`${url}/livez`).then((x) => x.ok, () => false); // biome-ignore format: one line
  const untilUp = (url: string) => until(() => isUp(url), () => `${url} does not answer`); // biome-ignore format: one line

  return {
    ...{ root, folder, urlOf, four, block, here, launch, end, untilUp },
    logOf: (name: string) => readFileSync(join(folder(name), "node", "node.log"), "utf8"),
    /** In the set of epoch 0. */
    async indexOf(name: string): Promise<number> {
      const { publicKey } = JSON.parse(readFileSync(join(folder(name), "registration.json"), "utf8"));
      const validators = await rpc<{ publicKey: string }[]>(urlOf(1), "noema_validators");
      return validators.findIndex((x) => x.publicKey === publicKey);
    },
    /** Sections 1 to 4 of the page: a chain. */
    async found(): Promise<void> {
      await run(block("1."), root);
      const who = block("2.", 0).trim();
      expect(who).toBe("name=alice n=1");
      for (const [i, name] of NAMES.entries()) await run(`name=${name} n=${i + 1}\n${register(i + 1)}`, root);
      const said: string[] = [];
      for (const name of NAMES) said.push(await run(block("3."), folder(name)));
      expect(new Set(said.map((x) => /genesis (0x[0-9a-f]{64})/.exec(x)?.[1])).size).toBe(1);
      expect(new Set(NAMES.map((name) => readFileSync(join(folder(name), "network.json"), "utf8"))).size).toBe(1);
      for (const [i, name] of NAMES.entries()) await run(`name=${name} n=${i + 1}\n${block("4.", 0)}`, folder(name));
      for (const name of NAMES) launch(name);
      for (const url of four()) await untilUp(url);
      await reach(four(), 5);
    },
    async leave(): Promise<void> {
      for (const name of [...nodes.keys()]) await end(name, "SIGTERM");
      for (const f of unwatch) f();
      leave();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
