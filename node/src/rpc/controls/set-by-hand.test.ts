/** Accounts and tokens set by each of their names, on a chain that executes. */
import { blockNumber } from "@noema/core/block-number";
import { encodeOperation, operationInput } from "@noema/execution/system/operation";
import { startChain, testAddress } from "@noema/execution/testing/chain";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc, resultOf } from "../testing/call.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const at = (digit: string): `0x${string}` => `0x${digit.repeat(40)}`;
const [TOKEN, PROXY, ODD, OWNER, SPENDER] = ["1", "2", "3", "a", "b"].map(at) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
/** The slot that the hash of its arguments names. */
const READS = "600436038060045f375f2054";
const alloc = {
  [TOKEN]: { code: `0x${READS}5f5260205ff3` },
  /** Reads a slot of its own, then asks the token by DELEGATECALL. */
  [PROXY]: { code: `0x5f5450365f5f3760205f365f73${"1".repeat(40)}5af45060205ff3` },
  /** Tells one more than it keeps. */
  [ODD]: { code: `0x${READS}6001015f5260205ff3` },
};
let server: RpcServer;
beforeEach(async () => {
  const { service, input } = await startChain({ accounts: 1, alloc });
  let height = 0;
  const submit = async (kind: number, body: Uint8Array) => {
    const operation = operationInput(encodeOperation({ nonce: BigInt(++height), kind, body }));
    const { operations } = await service.execute(input(height, [], [operation]));
    return { outcome: (operations[0] as { outcome: 0 }).outcome };
  };
  const { deps } = createFakeChain();
  const head = () => ({ height, number: blockNumber(height) });
  const tags = () => ({ latest: head(), safe: head(), finalized: head() });
  server = createRpcServer({ port: 0 }, { ...deps, operations: { submit }, execution: service, chain: { ...deps.chain, tags } });
});
afterEach(() => server.stop());

const word = (address: string) => address.slice(2).padStart(64, "0");
const balanceOf = async (token: string, who: string) =>
  BigInt(await resultOf(server, "eth_call", { to: token, data: `0x70a08231${word(who)}` }));

it("finds where a token keeps a balance or an allowance, behind a proxy too", async () => {
  expect(await resultOf(server, "anvil_dealERC20", OWNER, TOKEN, "0x64")).toBeNull();
  expect([await balanceOf(TOKEN, OWNER), await balanceOf(TOKEN, SPENDER)]).toEqual([100n, 0n]);
  expect(await resultOf(server, "hardhat_dealERC20", OWNER, PROXY, "0x7")).toBeNull();
  expect([await balanceOf(PROXY, OWNER), await balanceOf(TOKEN, OWNER)]).toEqual([7n, 100n]);
  expect(await resultOf(server, "anvil_setERC20Allowance", OWNER, SPENDER, TOKEN, "0x9")).toBeNull();
  const allowance = (a: string, b: string) => resultOf(server, "eth_call", { to: TOKEN, data: `0xdd62ed3e${word(a)}${word(b)}` });
  expect([BigInt(await allowance(OWNER, SPENDER)), BigInt(await allowance(SPENDER, OWNER))]).toEqual([9n, 0n]);
});

it("says so where no slot by itself is the answer", async () => {
  for (const token of [ODD, SPENDER])
    expect((await callRpc(server, "anvil_dealERC20", OWNER, token, "0x64")).error).toMatchObject({ data: { code: "DEV_SLOT_UNKNOWN" } });
});

it("adds to a balance", async () => {
  const who = `0x${Buffer.from(testAddress(0)).toString("hex")}`;
  const before = BigInt(await resultOf(server, "eth_getBalance", who));
  for (const n of [1, 2, 3]) await resultOf(server, "anvil_addBalance", who, `0x${n}`);
  expect(BigInt(await resultOf(server, "eth_getBalance", who)) - before).toBe(6n);
  await resultOf(server, "hardhat_addBalance", who, `0x${"f".repeat(64)}`);
  expect(BigInt(await resultOf(server, "eth_getBalance", who))).toBe(2n ** 256n - 1n);
});

it("has ganache's names for accounts", async () => {
  const value = `0x${"5".padStart(64, "0")}`;
  expect(await resultOf(server, "evm_setAccountBalance", OWNER, "0x5")).toBe(true);
  expect(await resultOf(server, "evm_setAccountNonce", OWNER, "0x6")).toBe(true);
  expect(await resultOf(server, "evm_setAccountCode", OWNER, "0x00")).toBe(true);
  expect(await resultOf(server, "evm_setAccountStorageAt", OWNER, "0x1", value)).toBe(true);
  expect(await resultOf(server, "eth_getAccountInfo", OWNER)).toEqual({ balance: "0x5", nonce: "0x6", code: "0x00" });
  expect(await resultOf(server, "eth_getStorageAt", OWNER, "0x1")).toBe(value);
});

it("tells the node and its peers as geth's console asks", async () => {
  expect(await resultOf(server, "admin_nodeInfo")).toMatchObject({ id: "own", name: "noema/test", protocols: { eth: { network: 31337 } } });
  expect(await resultOf(server, "admin_peers")).toMatchObject([{ id: "peer", validator: 1 }]);
});
