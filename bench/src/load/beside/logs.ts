/** A client that is told every log, and whether it was: held against what the node says of the same blocks in the end. */
import { setTimeout as sleep } from "node:timers/promises";
import { benchError } from "../errors.ts";
import type { Client } from "../observe/client.ts";
import type { LogsResult } from "../result.ts";

type Log = { blockNumber: string; logIndex: string };

const LOOK_MS = 50;
/** After the end of the run, without another log. */
const SILENCE_MS = 5000;

/** Subscribes at `url`. Throws BENCH_TARGET_FAILED where it takes no subscription. */
export async function startLogs(url: string, client: Client): Promise<() => Promise<LogsResult>> {
  const socket = new WebSocket(url);
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(benchError("BENCH_TARGET_FAILED", `${url}: it takes no subscription to logs`));
    socket.onopen = () => socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["logs",{}]}');
    socket.onerror = fail;
    socket.onclose = fail;
    socket.onmessage = ({ data }) => {
      const { result, params } = JSON.parse(data as string) as { result?: string; params?: { result: Log } };
      if (params !== undefined) heard.push(nameOf(params.result));
      else if (result !== undefined) resolve();
      else fail();
    };
  });
  const from = Number(await client.ask<string>("eth_blockNumber")) + 1;
  return async () => {
    const wanted = await logsSince(client, from);
    for (let last = performance.now(), seen = heard.length; heard.length < wanted.length && performance.now() - last < SILENCE_MS; ) {
      await sleep(LOOK_MS);
      if (heard.length > seen) [seen, last] = [heard.length, performance.now()];
    }
    socket.onclose = null;
    socket.close();
    const at = heard.indexOf(wanted[0] ?? ""); // a block between the subscription and the look at the chain
    const own = at < 0 ? [] : heard.slice(at, at + wanted.length);
    return { wanted: wanted.length, heard: own.filter((name, i) => name === wanted[i]).length };
  };
}

/** In order, a block at a time: a node bounds what it gives at once. */
async function logsSince(client: Client, from: number): Promise<string[]> {
  const to = Number(await client.ask<string>("eth_blockNumber"));
  const names: string[] = [];
  for (let number = from; number <= to; number++) {
    const block = `0x${number.toString(16)}`;
    names.push(...(await client.ask<Log[]>("eth_getLogs", { fromBlock: block, toBlock: block })).map(nameOf));
  }
  return names;
}

function nameOf({ blockNumber, logIndex }: Log): string {
  return `${Number(blockNumber)} ${Number(logIndex)}`;
}
