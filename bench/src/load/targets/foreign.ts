/** Any Ethereum RPC, which runs already. Its processes and folders are not ours to look at, unless its process id is told. */
import { readFileSync } from "node:fs";
import type { Bytes } from "@noema/core/ports/bytes";
import { createClient } from "../observe/client.ts";
import type { Target } from "./target.ts";

export type ForeignOptions = { urls: readonly string[]; observe: string | undefined; funder: Bytes; pid: number | undefined };

/** Throws the system's error where nothing answers. */
export async function foreignTarget({ urls, observe, funder, pid }: ForeignOptions): Promise<Target> {
  const observeUrl = observe ?? (urls.at(-1) as string);
  const client = await createClient(observeUrl);
  const chainId = Number(await client.ask<string>("eth_chainId"));
  const version = await client.ask<string>("web3_clientVersion").catch(() => new URL(observeUrl).host);
  const tellsFinality = await client.ask("noema_consensusStatus").then(
    () => true,
    () => false,
  );
  client.close();
  return {
    name: version.split("/")[0] as string,
    urls,
    observeUrl,
    observeWsUrl: observeUrl.replace(/^http/, "ws"),
    tellsFinality,
    chainId,
    funder,
    validators: urls.length,
    pid,
    processes: pid === undefined ? [] : [{ name: commandOf(pid), pid }],
    folders: [],
    metricsUrls: [],
    syncs: undefined,
    stop: async () => {},
  };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return `process ${pid}`;
  }
}
