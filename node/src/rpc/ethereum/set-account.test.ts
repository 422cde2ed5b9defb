import { fromHex, to0x } from "@noema/core/bytes";
import type { Outcome } from "@noema/execution/system/outcomes";
import { decodeSet, type SetAccount } from "@noema/execution/system/set";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc } from "../testing/call.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const WHO = "0xabababababababababababababababababababab";
const word = (n: number) => fromHex(n.toString(16).padStart(64, "0"));
const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

function serve(outcome: Outcome = 0, dev = true) {
  const sets: SetAccount[] = [];
  const submit = async (_: number, body: Uint8Array) => {
    sets.push(decodeSet(body));
    return { outcome };
  };
  const { deps } = createFakeChain({ dev });
  const server = createRpcServer({ port: 0 }, { ...deps, ...(dev && { operations: { submit } }) });
  started.push(server);
  return { server, sets };
}

it("sets what each method names, and answers as anvil and Hardhat do", async () => {
  const { server, sets } = serve();
  const calls: [name: string, params: unknown[], answers: [unknown, unknown], SetAccount][] = [
    ["setBalance", [WHO, "0xde0b6b3a7640000"], [null, true], { address: fromHex(WHO), balance: 10n ** 18n }],
    ["setNonce", [WHO, "0x7"], [null, true], { address: fromHex(WHO), nonce: 7n }],
    ["setCode", [WHO, "0x6001"], [null, true], { address: fromHex(WHO), code: fromHex("0x6001") }],
    ["setStorageAt", [WHO, "0x1", to0x(word(9))], [true, true], { address: fromHex(WHO), slots: [{ key: word(1), value: word(9) }] }],
  ];
  for (const [name, params, answers, wanted] of calls) {
    const given = [await callRpc(server, `anvil_${name}`, ...params), await callRpc(server, `hardhat_${name}`, ...params)];
    expect(given.map(({ result }) => result)).toEqual(answers);
    for (const set of sets.splice(0)) expect(set).toMatchObject({ slots: [], ...wanted });
  }
});

it("takes numbers, and leading zeros, as anvil does", async () => {
  const { server, sets } = serve();
  for (const value of ["0x010", "0x000", "0x0000000000000000000000000000000000000000000000000000000000000000007", 12, 0])
    expect((await callRpc(server, "anvil_setBalance", WHO, value)).result).toBeNull();
  expect((await callRpc(server, "hardhat_setNonce", WHO, 3)).result).toBe(true);
  expect(sets.map(({ balance, nonce }) => balance ?? nonce)).toEqual([16n, 0n, 7n, 12n, 0n, 3n]);
});

it("says why an operation had no effect, and refuses what does not fit", async () => {
  expect((await callRpc(serve(2).server, "anvil_setNonce", WHO, "0xffffffffffffffff")).error).toMatchObject({
    code: -32602,
    data: { code: "DEV_NONCE_TOO_HIGH" },
    message: "nothing is changed: a nonce above 2^64 - 2 (EIP-2681)",
  });
  const { server, sets } = serve();
  for (const params of [["0xab", "0x1"], [WHO, "1_0"], [WHO, `0x1${"0".repeat(64)}`], [WHO], [WHO, -1], [WHO, 1.5], [WHO, "0x"]])
    expect((await callRpc(server, "anvil_setBalance", ...params)).error?.code).toBe(-32602);
  expect((await callRpc(server, "anvil_setCode", WHO, `0x${"00".repeat(126_701)}`)).error?.code).toBe(-32602);
  expect(sets).toEqual([]);
});

it("where there are no operations there are no such methods", async () => {
  const { server } = serve(0, false);
  for (const name of ["anvil_setBalance", "hardhat_setBalance", "anvil_setCode"])
    expect((await callRpc(server, name, WHO, "0x1")).error).toMatchObject({
      code: -32601,
      message: expect.stringContaining("docs/first-hour/dapp.md"),
    });
  expect((await callRpc(server, "eth_nonsense")).error?.message).toBe("the method eth_nonsense does not exist/is not available");
});
