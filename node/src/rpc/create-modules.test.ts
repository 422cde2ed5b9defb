/** Namespaces come from one list, and from whoever starts the server. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { afterEach, expect, it } from "vitest";
import { method, type RpcModule } from "./json-rpc/method.ts";
import { address } from "./json-rpc/parsers.ts";
import type { CreateModule } from "./module-deps.ts";
import { NAMESPACES } from "./modules/list.ts";
import { createRpcServer, type RpcServer } from "./server.ts";
import { callRpc, resultOf } from "./testing/call.ts";
import { ACCOUNT } from "./testing/fake-blocks.ts";
import { createFakeChain } from "./testing/fake-chain.ts";

const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

function serve(...modules: CreateModule[]): RpcServer {
  const server = createRpcServer({ port: 0, modules }, createFakeChain().deps);
  started.push(server);
  return server;
}

const ask = method([], () => "asked");

it("each folder is a line of the list", () => {
  expect(
    readdirSync(join(import.meta.dirname, "modules"), { withFileTypes: true }).flatMap((x) => (x.isDirectory() ? x.name : [])),
  ).toEqual(Object.keys(NAMESPACES).sort());
});

it("a foreign namespace answers beside the node's own, with what the node knows", async () => {
  let closed = 0;
  const bank: CreateModule = ({ chain, execution }) => ({
    name: "bank",
    methods: {
      bank_rich: method([["address", address]], async (who) => (await execution.account(chain.tags().latest.number, who)).balance > 0n),
    },
    close: () => void closed++,
  });
  const server = serve(bank);
  expect(await resultOf(server, "bank_rich", to0x(ACCOUNT.address))).toBe(true);
  expect((await callRpc(server, "bank_rich", "0x12")).error?.code).toBe(-32602);
  expect(Object.keys(await resultOf(server, "rpc_modules"))).toEqual([...Object.keys(await resultOf(serve(), "rpc_modules")), "bank"]);
  await started.splice(0)[0]?.stop();
  expect(closed).toBe(1);
});

it.each<[string, RpcModule[]]>([
  ["a method of the node", [{ name: "mine", methods: { eth_chainId: ask } }]],
  ["a namespace of the node", [{ name: "eth", methods: { eth_more: ask } }]],
  ["a method of another's", ["one", "two"].map((name) => ({ name, methods: { both_ask: ask } }))],
])("a name that is taken is refused: %s", (_, modules) => {
  expect(() => serve(...modules.map((x) => () => x))).toThrowError(expect.objectContaining({ code: "RPC_NAME_TAKEN" }));
  expect(() => serve(() => ({ name: "mine", methods: { mine_ask: ask } }))).not.toThrow();
});
