/** On four validators that vote, a balance is set through any of them, and all have it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { receiptsOf, requireOneChain } from "../harness/chain.ts";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { submit } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";
import { balanceOf, createNewcomer, ETHER, type Newcomer, setBalance } from "./newcomer.ts";

let devnet: RunningDevnet;
beforeAll(async () => {
  devnet = await startDevnet();
});
afterAll(() => devnet?.destroy());

async function allHave({ address }: Newcomer, balance: bigint): Promise<void> {
  let balances: bigint[] = [];
  await until(
    async () => {
      balances = await Promise.all(devnet.rpcUrls.map((url) => balanceOf(url, address)));
      return balances.every((x) => x === balance);
    },
    () => `not all have ${balance} of ${address}: ${balances}`,
  );
}

it("is answered when the asked validator has it; the others have it too, and the account sends through another", async () => {
  const [, second, , fourth] = devnet.rpcUrls as [string, string, string, string];
  const newcomer = createNewcomer(devnet);
  expect(await setBalance(second, newcomer.address, 3n * ETHER)).toBeNull();
  expect(await balanceOf(second, newcomer.address)).toBe(3n * ETHER);
  await devnet.kill(1);
  await devnet.restart(1);
  expect(await balanceOf(second, newcomer.address)).toBe(3n * ETHER);
  await allHave(newcomer, 3n * ETHER);
  const { raw, hash } = await newcomer.transfer(0);
  await submit(fourth, raw);
  const receipt = (await receiptsOf(fourth, [hash])).get(hash);
  expect(receipt).toMatchObject({ status: "0x1" });
  await receiptsOf(second, [hash]);
});

it("through all at once, while one is killed: what was answered is there, and the chain is one", async () => {
  const newcomers = devnet.rpcUrls.map(() => createNewcomer(devnet));
  const set = (i: number, value: bigint) => setBalance(devnet.rpcUrls[i] as string, (newcomers[i] as Newcomer).address, value);
  await Promise.all([0, 1, 2, 3].map((i) => set(i, BigInt(i + 1) * ETHER)));
  await devnet.kill(3);
  await Promise.all([0, 1, 2].map((i) => set(i, BigInt(i + 2) * ETHER)));
  await devnet.restart(3);
  for (const [i, newcomer] of newcomers.entries()) await allHave(newcomer, BigInt(i === 3 ? 4 : i + 2) * ETHER);
  await requireOneChain(devnet.rpcUrls);
});

it("goes back to a snapshot through any of them, and all have the same blocks and state", async () => {
  const [first, second, third, fourth] = devnet.rpcUrls as [string, string, string, string];
  const newcomer = createNewcomer(devnet);
  await setBalance(first, newcomer.address, 3n * ETHER);
  await allHave(newcomer, 3n * ETHER);
  const id = await rpc<string>(first, "evm_snapshot");
  const { raw, hash } = await newcomer.transfer(0);
  await submit(second, raw);
  const { blockNumber } = (await receiptsOf(second, [hash])).get(hash) as { blockNumber: string };
  await setBalance(third, newcomer.address, 1n);
  await devnet.kill(3);
  expect(await rpc(third, "evm_revert", id)).toBe(true);
  expect(Number(await rpc(third, "eth_getTransactionCount", newcomer.address, "latest"))).toBe(0);
  await devnet.restart(3);
  await allHave(newcomer, 3n * ETHER);
  expect(await rpc(fourth, "evm_revert", id)).toBe(false);
  for (const url of devnet.rpcUrls) expect(await rpc(url, "eth_getTransactionReceipt", hash)).toBeNull();
  await submit(fourth, raw); // the nonce is free again
  const again = (await receiptsOf(first, [hash])).get(hash) as { blockNumber: string };
  expect(Number(again.blockNumber)).toBeGreaterThan(0);
  expect(blockNumber).toMatch(/^0x/);
  await requireOneChain(devnet.rpcUrls);
});
