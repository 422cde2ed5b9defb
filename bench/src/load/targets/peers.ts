/** Nodes of others, installed under e2e/tools by `noema test-tools` or `bench peers`, or in the PATH. */
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fromHex } from "@noema/core/bytes";
import { repositoryRoot } from "@noema/node/paths";
import { createClient } from "../observe/client.ts";
import { freePort, makeFolder, type NodeProcess, startProcess } from "./process.ts";
import type { Target } from "./target.ts";

/** Account 0 of both, of the mnemonic "test test ... junk". */
const FUNDER = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

const tools = () => join(repositoryRoot(), "e2e", "tools", "node_modules");

export function anvilPath(): string | undefined {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const installed = join(tools(), "@foundry-rs", `anvil-${process.platform}-${arch}`, "bin", "anvil");
  const others = (process.env.PATH ?? "").split(delimiter).map((x) => join(x, "anvil"));
  return [installed, ...others].find(existsSync);
}

export function hardhatPath(): string | undefined {
  const path = join(tools(), "hardhat", "dist", "src", "cli.js");
  return existsSync(path) ? path : undefined;
}

/** With blocks of 1 s, and none of them full: what is measured is how much it makes in a second. */
export async function startAnvil(path: string): Promise<Target> {
  const port = await freePort();
  const folder = makeFolder("anvil");
  const command = [path, "--port", String(port), "--block-time", "1", "--gas-limit", "1000000000", "--silent"] as const;
  return started("anvil", startProcess("anvil", folder, command, { cwd: folder, env: ownHome(folder) }), port);
}

/** Hardhat 3's `node`, with blocks of 1 s. */
export async function startHardhat(path: string): Promise<Target> {
  const port = await freePort();
  const folder = makeFolder("hardhat");
  const node = { type: "edr-simulated", chainId: 31337, blockGasLimit: 1_000_000_000, mining: { auto: false, interval: 1000 } };
  writeFileSync(join(folder, "hardhat.config.ts"), `export default ${JSON.stringify({ networks: { node } })};\n`);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}\n');
  symlinkSync(tools(), join(folder, "node_modules")); // it runs only as a dependency of its project
  const command = [process.execPath, path, "node", "--port", String(port)] as const;
  return started("hardhat", startProcess("hardhat", folder, command, { cwd: folder, env: ownHome(folder) }), port);
}

/** What a user has cached or configured must not matter. */
function ownHome(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_CACHE_HOME: folder,
    XDG_CONFIG_HOME: folder,
    CI: "true",
    NO_COLOR: "1",
  };
}

async function started(name: string, node: NodeProcess, port: number): Promise<Target> {
  const url = `http://127.0.0.1:${port}`;
  try {
    const chainId = await node.until(() => chainIdOf(url));
    return {
      name,
      urls: [url],
      observeUrl: url,
      observeWsUrl: url.replace(/^http/, "ws"),
      tellsFinality: false,
      chainId,
      funder: fromHex(FUNDER),
      validators: 1,
      pid: node.pid,
      processes: [{ name, pid: node.pid }],
      folders: [],
      metricsUrls: [],
      syncs: undefined,
      stop: node.stop,
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}

/** Undefined while nothing answers. */
async function chainIdOf(url: string): Promise<number | undefined> {
  try {
    const client = await createClient(url);
    try {
      return Number(await client.ask<string>("eth_chainId"));
    } finally {
      client.close();
    }
  } catch {
    return undefined;
  }
}
