import { to0x } from "@noema/core/bytes";
import { afterEach, describe, expect, it } from "vitest";
import { createGate } from "../diverged/gate.ts";
import type { RpcDeps } from "./deps.ts";
import { WHEN_DOUBTED } from "./gate.ts";
import { createModules, createRpcServer, type RpcServer } from "./server.ts";
import { callRpc, post } from "./testing/call.ts";
import { ACCOUNT, createFakeChain, createFakeData } from "./testing/fake-chain.ts";

const CLOSED = { code: "EXEC_DIVERGED", message: "own result of height 7 contradicts the header of height 10" } as const;
const REFUSED = { code: -32002, data: { code: "EXEC_DIVERGED" } };
const BALANCE = ["eth_getBalance", to0x(ACCOUNT.address), "finalized"] as const;

const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

/** One server on a chain of its own, with a gate or without. */
function serve(more: Partial<RpcDeps> = {}, execution: Partial<RpcDeps["execution"]> = {}) {
  const gate = createGate();
  const { deps } = createFakeChain({ data: createFakeData() });
  const server = createRpcServer({ port: 0 }, { ...deps, gate, execution: { ...deps.execution, ...execution }, ...more });
  started.push(server);
  return { gate, deps, server };
}

function registry(): string[] {
  const { modules, close } = createModules(createFakeChain({ data: createFakeData() }).deps);
  close();
  return modules.flatMap((module) => Object.keys({ ...module.methods, ...module.signing }));
}

describe("while this node's execution is doubted", () => {
  it("every method is said to answer or not, and none that there is not", () => {
    expect([...WHEN_DOUBTED.keys()].sort()).toEqual(registry().sort());
  });

  it("each closed method is refused with its code, and each open one answers as before", async () => {
    const { gate, server } = serve();
    gate.close(CLOSED);
    for (const name of registry()) {
      const { error } = await callRpc(server, name);
      if (WHEN_DOUBTED.get(name) === "closed") expect(error, name).toMatchObject(REFUSED);
      else expect(error?.code, name).not.toBe(REFUSED.code);
    }
  });

  it("a method that the table does not know is refused", async () => {
    const { gate, server } = serve({ modules: [{ name: "debug", methods: { debug_newest: () => "state" } }] });
    expect(await callRpc(server, "debug_newest")).toMatchObject({ result: "state" });
    gate.close(CLOSED);
    expect((await callRpc(server, "debug_newest")).error).toMatchObject(REFUSED);
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
