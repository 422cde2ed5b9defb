/** A target with its senders funded, and what was signed for it; runs take from it one after another. */
import { to0x } from "@noema/core/bytes";
import { startBeside } from "./beside/beside.ts";
import { createProbes } from "./cost/probes.ts";
import { createClient } from "./observe/client.ts";
import type { RunResult } from "./result.ts";
import { run } from "./run.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { Wire } from "./send/connection.ts";
import { httpWire } from "./send/http.ts";
import type { Order } from "./send/order.ts";
import { makeRequests } from "./send/requests.ts";
import { wsWire } from "./send/ws.ts";
import { prepare } from "./setup.ts";
import type { Account } from "./sign/keys.ts";
import { signWorkload, type Workload } from "./sign/workload.ts";
import type { Target } from "./targets/target.ts";

export type LoadOptions = {
  transport: "http" | "ws";
  batch: number;
  connections: number;
  senders: number;
  maxFeePerGas: bigint;
  seed: number;
  order: Order;
  /** Seconds of each run that do not count for the slope of memory. */
  settle: number;
  /** Transactions that are signed at first: a run sends no more, the next run signs again what was sent. */
  count: number;
};

export type Pace = {
  rate?: number;
  window: number;
  seconds: number;
  /** Transactions that are sent. */
  most?: number;
  receipts?: boolean;
  /** What goes on beside the load. */
  probe?: string;
  probeRate?: number;
  calls?: number;
  logs?: boolean;
  forge?: number;
};

export type Session = {
  target: Target;
  run(o: Pace): Promise<RunResult>;
  close(): void;
};

/** `signed`: what was signed before for a fresh chain of the same id, where the scenario has no contracts of its own. */
export async function openSession(target: Target, scenario: Scenario, o: LoadOptions, signed?: Promise<Workload>): Promise<Session> {
  const client = await createClient(target.observeUrl);
  const { chainId } = target;
  const { call, accounts, nonces } = await prepare(scenario, { ...o, client, chainId, funder: target.funder });
  const signing = { ...o, accounts, nonces, chainId };
  const connections = Math.min(o.connections, o.senders);
  const wires = Array.from({ length: connections }, (_, c) => wireTo(target.urls[c % target.urls.length] as string, o.transport));
  const workload = await (signed ?? signWorkload(call, signing));
  let requests = makeRequests(workload, wires, o);
  const probes = createProbes(target, o.settle);
  let first = true;
  return {
    target,
    async run({ rate, window, seconds, most = o.count, receipts = false, probe, probeRate = 20, calls = 0, logs = false, forge = 0 }) {
      if (!first && signed === undefined) {
        const missing = o.count - requests.reduce((sum, x) => sum + x.txs.length, 0);
        const from = workload.raws.length;
        await signWorkload(call, { ...signing, count: from + missing }, workload);
        requests.push(...makeRequests(workload, wires, { ...o, from }));
      }
      first = false;
      const { urls, observeUrl, observeWsUrl: wsUrl, tellsFinality } = target;
      const about = { address: to0x((accounts[0] as Account).address), hash: workload.hashes[0] as string };
      const { used, ...measured } = await run({
        ...{ client, wsUrl, wires, workload, rate, window, seconds, probes, receipts },
        requests: requests.slice(0, Math.ceil(most / o.batch)),
        seed: o.seed,
        finalityUrl: tellsFinality && rate !== undefined ? observeUrl : undefined,
        beside: () =>
          startBeside({
            urls,
            observeUrl,
            observeWsUrl: wsUrl,
            probe,
            probeRate,
            calls,
            logs,
            forge,
            turned: target.turned,
            client,
            about,
          }),
      });
      requests = requests.filter((x) => !used.has(x));
      const { name, validators } = target;
      const { transport, batch, senders } = o;
      return { target: name, validators, scenario: scenario.name, transport, batch, connections, senders, ...measured };
    },
    close: () => client.close(),
  };
}

function wireTo(url: string, transport: "http" | "ws"): Wire {
  return transport === "ws" ? wsWire(url.replace(/^http/, "ws")) : httpWire(url);
}
