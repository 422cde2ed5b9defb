/** Sends of addresses without a key, and what is asked before one is made. */
import { equalBytes, fromHex, to0x } from "@noema/core/bytes";
import type { ChainReads } from "@noema/execution/api";
import { KEPT } from "@noema/execution/system/control-slots";
import { impersonatedKey } from "@noema/execution/system/controls";
import type { DevView } from "@noema/execution/system/dev-view";
import { decodeImpersonate } from "@noema/execution/system/impersonate";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { ACCOUNT } from "../../testing/fake-blocks.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

const WHO = `0x${"aa".repeat(20)}`;
const transfer = { from: WHO, to: to0x(ACCOUNT.address), value: "0x5", gas: "0x5208" };
const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

/** `known`: who is impersonated; everybody, or nobody where the chain has no controls. */
function serve(known: string | "everybody" | "none", value = 0) {
  const chain = createFakeChain();
  const controls = known === "none" ? undefined : ({ autoImpersonate: known === "everybody" } as DevView);
  const slot: ChainReads["slot"] = async (_, account, key) =>
    equalBytes(account, KEPT) && known.startsWith("0x") && equalBytes(key, impersonatedKey(fromHex(known))) ? 1n : 0n;
  const asked: unknown[] = [];
  const submit = async (_: number, body: Uint8Array) => {
    asked.push(decodeImpersonate(body));
    return { outcome: 0 as const, value };
  };
  const facts = { ...chain.deps.chain, controls: () => controls };
  const deps = { ...chain.deps, chain: facts, execution: { ...chain.deps.execution, slot }, operations: { submit } };
  const server = createRpcServer({ port: 0 }, deps);
  started.push(server);
  return { ...chain, server, asked };
}

it("sends for who is impersonated, of each type, and shows it as the peers do", async () => {
  for (const known of [WHO, "everybody"]) {
    const { server } = serve(known);
    const kinds: [object, string][] = [
      [{ gasPrice: "0x77359400" }, "0x0"],
      [{ gasPrice: "0x77359400", accessList: [] }, "0x1"],
      [{}, "0x2"],
    ];
    for (const [given, type] of kinds) {
      const { raw, tx } = await resultOf(server, "eth_signTransaction", { ...transfer, ...given, nonce: "0x7" });
      expect(tx).toMatchObject({ type, nonce: "0x7", value: "0x5", r: WHO, s: WHO, v: "0x0" });
      expect(to0x(decodeTransaction(fromHex(raw)).impersonated as Uint8Array)).toBe(WHO);
      expect((await callRpc(server, "eth_sendRawTransaction", raw)).error).toMatchObject({ data: { code: "TX_TYPE_UNSUPPORTED" } });
    }
    const hash = await resultOf(server, "eth_sendTransaction", { ...transfer, nonce: "0x0" });
    expect(await resultOf(server, "eth_getTransactionByHash", hash)).toMatchObject({ hash, type: "0x2", value: "0x5", r: WHO });
  }
});

it("sends for nobody else, and not where the chain has no controls", async () => {
  for (const known of [`0x${"bb".repeat(20)}`, "none"])
    for (const name of ["eth_sendTransaction", "eth_signTransaction"])
      expect((await callRpc(serve(known).server, name, transfer)).error).toMatchObject({ data: { code: "RPC_ACCOUNT_UNKNOWN" } });
  // Who has a key signs with it.
  const { raw } = await resultOf(serve("everybody").server, "eth_signTransaction", {
    ...transfer,
    from: to0x(ACCOUNT.address),
    nonce: "0x0",
  });
  expect(decodeTransaction(fromHex(raw)).impersonated).toBeUndefined();
});

it("sends unsigned for any address, also one with a key here, but not where the chain has no controls", async () => {
  for (const from of [WHO, to0x(ACCOUNT.address)]) {
    const { server } = serve(`0x${"bb".repeat(20)}`);
    const hash = await resultOf(server, "eth_sendUnsignedTransaction", { ...transfer, from, nonce: "0x0" });
    expect(await resultOf(server, "eth_getTransactionByHash", hash)).toMatchObject({ r: from, s: from, v: "0x0" });
  }
  const { error } = await callRpc(serve("none").server, "eth_sendUnsignedTransaction", transfer);
  expect(error).toMatchObject({ data: { code: "RPC_ACCOUNT_UNKNOWN" } });
});

it("asks for it, and answers as anvil and Hardhat do", async () => {
  for (const was of [0, 1]) {
    const { server, asked } = serve(WHO, was);
    const one = { address: fromHex(WHO) };
    const calls: [name: string, param: unknown, answer: unknown, operation: unknown][] = [
      ["hardhat_impersonateAccount", WHO, true, { ...one, on: true }],
      ["anvil_impersonateAccount", WHO, null, { ...one, on: true }],
      ["hardhat_stopImpersonatingAccount", WHO, was === 1, { ...one, on: false }],
      ["anvil_stopImpersonatingAccount", WHO, null, { ...one, on: false }],
      ["anvil_autoImpersonateAccount", true, null, { on: true }],
      ["anvil_autoImpersonateAccount", false, null, { on: false }],
    ];
    for (const [name, param, answer, operation] of calls)
      expect([name, await resultOf(server, name, param), asked.pop()]).toEqual([name, answer, operation]);
  }
});
