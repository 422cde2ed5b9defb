/** A target with its senders funded, and what was signed for it; runs take from it one after another. */
import { createProbes, type Probes } from "./cost/probes.ts";
import { type Client, createClient } from "./observe/client.ts";
import type { RunResult } from "./result.ts";
import { run } from "./run.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { Wire } from "./send/connection.ts";
import { httpWire } from "./send/http.ts";
import { makeRequests, type Request } from "./send/requests.ts";
import { wsWire } from "./send/ws.ts";
import { prepare } from "./setup.ts";
import { signWorkload, type Workload } from "./sign/workload.ts";
import type { Target } from "./targets/target.ts";

export type LoadOptions = {
  transport: "http" | "ws";
  batch: number;
  connections: number;
  senders: number;
  maxFeePerGas: bigint;
  seed: number;
  /** Seconds of each run that do not count for the slope of memory. */
  settle: number;
  /** Transactions that are signed: no run sends more. */
  count: number;
};

export type Session = {
  target: Target;
  run(o: { rate?: number; window: number; seconds: number }): Promise<RunResult>;
  close(): void;
};

/** `signed` of an earlier session is taken where its bytes are the same: fresh chains of one id, and a scenario without contracts. */
export async function openSession(target: Target, scenario: Scenario, o: LoadOptions): Promise<Session> {
  const client: Client = await createClient(target.observeUrl);
  const { chainId } = target;
  const { call, accounts, nonces } = await prepare(scenario, { ...o, client, chainId, funder: target.funder });
  const workload: Workload = await signWorkload(call, { ...o, accounts, nonces, chainId });
  const connections = Math.min(o.connections, o.senders);
  const wires = Array.from({ length: connections }, (_, c) => wireTo(target.urls[c % target.urls.length] as string, o.transport));
  let requests: Request[] = makeRequests(workload, wires, o.batch);
  const probes: Probes = createProbes(target, o.settle);
  return {
    target,
    async run({ rate, window, seconds }) {
      const { used, ...measured } = await run({
        client,
        wsUrl: target.observeWsUrl,
        wires,
        workload,
        requests,
        rate,
        window,
        seconds,
        seed: o.seed,
        probes,
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
