import { to0x } from "@noema/core/bytes";
import { afterEach, describe, expect, it } from "vitest";
import { createGate } from "../diverged/gate.ts";
import { createModules } from "./create-modules.ts";
import type { RpcDeps } from "./deps.ts";
import { method } from "./json-rpc/method.ts";
import { createRpcServer, type RpcOptions, type RpcServer } from "./server.ts";
import { callRpc, post } from "./testing/call.ts";
import { ACCOUNT } from "./testing/fake-blocks.ts";
import { createFakeChain } from "./testing/fake-chain.ts";
import { createFakeData } from "./testing/fake-data.ts";

const CLOSED = { code: "EXEC_DIVERGED", message: "own result of height 7 contradicts the header of height 10" } as const;
const REFUSED = { code: -32002, data: { code: "EXEC_DIVERGED" } };
const BALANCE = ["eth_getBalance", to0x(ACCOUNT.address), "finalized"] as const;

/** Decision 0024: methods that say nothing of state, blocks by execution, fees or the pool. */
const OPEN = [
  ...["eth_chainId", "eth_protocolVersion", "eth_accounts", "eth_coinbase", "eth_hashrate"],
  ...["admin_nodeInfo", "admin_peers"],
  ...["net_version", "net_listening", "net_peerCount", "web3_clientVersion", "web3_sha3", "rpc.discover", "rpc_modules"],
  ...["noema_nodeInfo", "noema_consensusStatus", "noema_validators", "noema_models", "noema_inferGas", "noema_daStatus"],
  "noema_daRows",
  ...["eth_unsubscribe", "eth_uninstallFilter", "hardhat_getAutomine", "anvil_getAutomine"],
  ...["eth_sign", "personal_sign", "eth_signTypedData", "eth_signTypedData_v3", "eth_signTypedData_v4"],
];

const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

/** One server on a chain of its own, with a gate or without. */
function serve(more: Partial<RpcDeps> = {}, execution: Partial<RpcDeps["execution"]> = {}, options: Partial<RpcOptions> = {}) {
  const gate = createGate();
  const { deps } = createFakeChain({ data: createFakeData() });
  const server = createRpcServer({ port: 0, ...options }, { ...deps, gate, execution: { ...deps.execution, ...execution }, ...more });
  started.push(server);
  return { gate, deps, server };
}

function registry() {
  const { modules, close } = createModules(createFakeChain({ data: createFakeData() }).deps, []);
  close();
  return modules.flatMap((module) => Object.entries(module.methods));
}

describe("while this node's execution is doubted", () => {
  it("those that answer are the ones that say nothing of execution", () => {
    const open = registry().filter(([, method]) => method.open);
    expect(open.map(([name]) => name).sort()).toEqual(OPEN.toSorted());
  });

  it("each closed method is refused with its code, and each open one answers as before", async () => {
    const { gate, server } = serve();
    gate.close(CLOSED);
    for (const [name, { open }] of registry()) {
      const { error } = await callRpc(server, name);
      if (open) expect(error?.code, name).not.toBe(REFUSED.code);
      else expect(error, name).toMatchObject(REFUSED);
    }
  });

  it("a method that does not say that it is open is refused", async () => {
    const module = { name: "probe", methods: { probe_newest: method([], () => "state") } };
    const { gate, server } = serve({}, {}, { modules: [() => module] });
    expect(await callRpc(server, "probe_newest")).toMatchObject({ result: "state" });
    gate.close(CLOSED);
    expect((await callRpc(server, "probe_newest")).error).toMatchObject(REFUSED);
  });

  it("nothing is refused before, and without the gate the balance is told that nobody should be told", async () => {
    const { gate, server } = serve();
    const { result } = await callRpc(server, ...BALANCE);
    expect(Number(result)).toBeGreaterThan(0);
    gate.close(CLOSED);
    expect((await callRpc(server, ...BALANCE)).error).toMatchObject(REFUSED);
    expect(await callRpc(serve({ gate: undefined }).server, ...BALANCE)).toMatchObject({ result });
  });

  it("what was read before the gate closed does not leave after it", async () => {
    const { gate, server, deps } = serve({}, { account: (...a) => deps.execution.account(...a).finally(() => gate.close(CLOSED)) });
    expect((await callRpc(server, ...BALANCE)).error).toMatchObject(REFUSED);
    expect(gate.closed()).toBeDefined();
  });

  it("members of a batch are refused one by one", async () => {
    const { gate, server } = serve();
    gate.close(CLOSED);
    const request = (id: number, method: string) => ({ jsonrpc: "2.0", id, method, params: [] });
    const answers = await post(server, JSON.stringify([request(1, "eth_blockNumber"), request(2, "eth_chainId")]));
    expect(answers).toMatchObject([
      { id: 1, error: REFUSED },
      { id: 2, result: "0x7a69" },
    ]);
  });

  it("connections with subscriptions end and say why; others live on and are refused", async () => {
    const { gate, server } = serve();
    const { port } = await server.start();
    const open = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
      const ask = (method: string, ...params: unknown[]) =>
        new Promise<unknown>((resolve) => {
          socket.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data))), { once: true });
          socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
        });
      return { socket, ask };
    };
    const [subscribed, plain] = [await open(), await open()];
    expect(await subscribed.ask("eth_subscribe", "newHeads")).toHaveProperty("result");
    const ended = new Promise<CloseEvent>((resolve) => subscribed.socket.addEventListener("close", resolve, { once: true }));
    gate.close(CLOSED);
    expect(await ended).toMatchObject({ code: 1011, reason: "EXEC_DIVERGED" });
    expect(await plain.ask("eth_subscribe", "newHeads")).toMatchObject({ error: REFUSED });
    expect(await plain.ask(...BALANCE)).toMatchObject({ error: REFUSED });
    expect(await plain.ask("eth_chainId")).toMatchObject({ result: "0x7a69" });
    plain.socket.close();
  });
});
