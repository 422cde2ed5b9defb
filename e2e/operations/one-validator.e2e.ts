/** On one validator a balance is set as anvil sets it: without a block, also in what is asked of the block before. */
import { numberToHex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { blockOf, heightOf, receiptOf } from "../harness/chain.ts";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { submit } from "../harness/traffic.ts";
import { balanceOf, createNewcomer, ETHER, setBalance } from "./newcomer.ts";

let devnet: RunningDevnet;
beforeAll(async () => {
  devnet = await startDevnet(["--validators", "1"]);
});
afterAll(() => devnet?.destroy());

it("changes no number, hash or header, and the state of the newest number, through kill -9", async () => {
  const url = devnet.rpcUrl;
  const newcomer = createNewcomer(devnet);
  const before = await blockOf(url, "latest");
  expect(await setBalance(url, newcomer.address, 5n * ETHER)).toBeNull();
  expect(await setBalance(url, newcomer.address, 3n * ETHER, "hardhat")).toBe(true);
  expect(await blockOf(url, "latest")).toEqual(before);
  await devnet.kill(0);
  await devnet.restart(0);
  expect(await blockOf(url, "latest")).toEqual(before);
  for (const tag of ["latest", before.number] as const) expect(await balanceOf(url, newcomer.address, tag)).toBe(3n * ETHER);

  const { raw, hash } = await newcomer.transfer(0);
  await submit(url, raw);
  expect(await receiptOf(url, hash)).toMatchObject({ status: "0x1", blockNumber: numberToHex(Number(before.number) + 1) });
  expect(await balanceOf(url, newcomer.address)).toBeLessThan(2n * ETHER);
  expect(await balanceOf(url, newcomer.address, before.number)).toBe(3n * ETHER);
});

it("what was answered is there after kill -9 right behind the answer, every time", async () => {
  const url = devnet.rpcUrl;
  const number = await heightOf(url);
  const newcomers = Array.from({ length: 6 }, () => createNewcomer(devnet));
  for (const [i, { address }] of newcomers.entries()) {
    await setBalance(url, address, BigInt(i + 1) * ETHER);
    if (i % 2 === 1) continue;
    await devnet.kill(0);
    await devnet.restart(0);
    for (const [j, { address }] of newcomers.slice(0, i + 1).entries()) expect(await balanceOf(url, address)).toBe(BigInt(j + 1) * ETHER);
  }
  expect(await heightOf(url)).toBe(number);
});

it("a sender that was made poor cannot send, and one that was made rich can", async () => {
  const url = devnet.rpcUrl;
  const newcomer = createNewcomer(devnet);
  const { raw, hash } = await newcomer.transfer(0);
  const poor = { message: expect.stringContaining("insufficient funds") };
  await expect(submit(url, raw)).rejects.toMatchObject(poor);
  await setBalance(url, newcomer.address, 2n * ETHER);
  await setBalance(url, newcomer.address, 1n);
  await expect(submit(url, raw)).rejects.toMatchObject(poor);
  await setBalance(url, newcomer.address, 2n * ETHER);
  await submit(url, raw);
  expect(await receiptOf(url, hash)).toMatchObject({ status: "0x1" });
});

it("sets nonce, code and slots as well", async () => {
  const url = devnet.rpcUrl;
  const { address } = createNewcomer(devnet);
  await rpc(url, "anvil_setNonce", address, "0x7");
  await rpc(url, "anvil_setCode", address, "0x5f545f5260205ff3"); // returns slot 0
  expect(await rpc(url, "anvil_setStorageAt", address, "0x0", `0x${"0".repeat(62)}2a`)).toBe(true);
  expect(await rpc(url, "eth_getTransactionCount", address, "latest")).toBe("0x7");
  expect(BigInt(await rpc<string>(url, "eth_call", { to: address }, "latest"))).toBe(42n);
  expect(await rpc(url, "eth_estimateGas", { to: address })).toMatch(/^0x/);
});

it("goes back to a snapshot as fixtures do, through kill -9: blocks, receipts, nonces, what is set, and the pool", async () => {
  const url = devnet.rpcUrl;
  const newcomer = createNewcomer(devnet);
  await setBalance(url, newcomer.address, 9n * ETHER);
  const start = await blockOf(url, "latest");
  const blocks = await rpc<string>(url, "eth_newBlockFilter");
  let fixture = await rpc<string>(url, "evm_snapshot");
  const seen = new Set<string>();
  for (const round of [1, 2, 3]) {
    const { raw, hash } = await newcomer.transfer(0);
    await submit(url, raw); // the same transaction in each round
    const later = await newcomer.transfer(5);
    await submit(url, later.raw); // waits behind a gap
    expect(await receiptOf(url, hash)).toMatchObject({ blockNumber: numberToHex(Number(start.number) + 1) });
    await setBalance(url, newcomer.address, 7n * ETHER);
    const inner = await rpc<string>(url, "evm_snapshot");
    await rpc(url, "anvil_setNonce", newcomer.address, "0x9");
    expect(await rpc(url, "evm_revert", inner)).toBe(true);
    expect([await rpc(url, "evm_revert", inner), await balanceOf(url, newcomer.address)]).toEqual([false, 7n * ETHER]);
    expect(await rpc(url, "evm_revert", fixture)).toBe(true);
    if (round === 2) {
      await devnet.kill(0);
      await devnet.restart(0);
    }
    expect(await blockOf(url, "latest")).toEqual(start);
    expect([await rpc(url, "eth_getTransactionReceipt", hash), await rpc(url, "eth_getTransactionByHash", hash)]).toEqual([null, null]);
    expect(await rpc(url, "eth_getTransactionCount", newcomer.address, "pending")).toBe("0x0");
    expect(await rpc(url, "eth_getTransactionByHash", later.hash)).toBeNull();
    expect(await balanceOf(url, newcomer.address)).toBe(9n * ETHER);
    expect(await rpc(url, "evm_revert", fixture)).toBe(false);
    const next = await rpc<string>(url, "evm_snapshot");
    expect(seen.has(next), "an id is used once").toBe(false);
    seen.add(next);
    fixture = next;
    if (round === 1) expect(await rpc(url, "eth_getFilterChanges", blocks)).toEqual([]); // came and went
  }
});

it("a contract sends while it is impersonated, and a reset is a new chain", async () => {
  const url = devnet.rpcUrl;
  const contract = createNewcomer(devnet).address;
  const send = () => rpc<string>(url, "eth_sendTransaction", { from: contract, to: `0x${"dd".repeat(20)}`, value: "0x5" });
  await rpc(url, "anvil_setCode", contract, "0x00");
  await setBalance(url, contract, ETHER);
  await expect(send()).rejects.toMatchObject({ message: expect.stringContaining("unknown account") });
  expect(await rpc(url, "hardhat_impersonateAccount", contract)).toBe(true);
  const hash = await send();
  expect(await receiptOf(url, hash)).toMatchObject({ status: "0x1", from: contract.toLowerCase(), type: "0x2" });
  expect(await rpc(url, "hardhat_stopImpersonatingAccount", contract)).toBe(true);
  await expect(send()).rejects.toMatchObject({ message: expect.stringContaining("unknown account") });
  const { hash: genesis } = await blockOf(url, "0x0");
  expect(await rpc(url, "hardhat_reset")).toBe(true);
  expect([await heightOf(url), (await blockOf(url, "latest")).hash]).toEqual([0, genesis]);
  expect(await balanceOf(url, contract)).toBe(0n);
});
