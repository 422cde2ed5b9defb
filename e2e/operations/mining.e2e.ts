/** Time and mining by request: one validator as anvil does it, four that agree. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blockOf, heightOf, receiptOf, requireOneChain } from "../harness/chain.ts";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { submit } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";
import { createNewcomer, ETHER, setBalance } from "./newcomer.ts";

describe("one validator", () => {
  let devnet: RunningDevnet;
  beforeAll(async () => {
    devnet = await startDevnet(["--validators", "1"]);
  });
  afterAll(() => devnet?.destroy());

  it("keeps what waits until a block is asked for, in the order of nonces, through kill -9", async () => {
    const url = devnet.rpcUrl;
    const newcomer = createNewcomer(devnet);
    await setBalance(url, newcomer.address, 5n * ETHER);
    await rpc(url, "evm_setAutomine", false);
    const number = await heightOf(url);
    const sent = [await newcomer.transfer(0), await newcomer.transfer(1)];
    for (const { raw } of sent) await submit(url, raw);
    await devnet.kill(0);
    await devnet.restart(0);
    expect(await heightOf(url)).toBe(number);
    expect(await rpc(url, "anvil_getAutomine")).toBe(false);
    expect(await rpc(url, "evm_mine")).toBe("0x0");
    expect((await blockOf(url, "latest")).transactions).toEqual(sent.map(({ hash }) => hash));
    const third = await newcomer.transfer(2);
    await submit(url, third.raw);
    await rpc(url, "evm_setAutomine", true);
    await until(
      async () => (await receiptOf(url, third.hash)) !== null,
      () => "what waited has no block",
    );
  });

  it("mines a thousand, an interval apart, in the time that was set, and estimates in it", async () => {
    const url = devnet.rpcUrl;
    const { number, timestamp } = await blockOf(url, "latest");
    const at = Number(timestamp) + 5000;
    await rpc(url, "evm_setNextBlockTimestamp", at);
    expect((await blockOf(url, "pending")).timestamp).toBe(`0x${at.toString(16)}`);
    expect(await rpc(url, "hardhat_mine", "0x3e8", "0x2")).toBe(true);
    const newest = await blockOf(url, "latest");
    expect([Number(newest.number), Number(newest.timestamp)]).toEqual([Number(number) + 1000, at + 2 * 999]);
    await devnet.kill(0);
    await devnet.restart(0);
    expect(await blockOf(url, "latest")).toEqual(newest);
    const before = await blockOf(url, `0x${(Number(newest.number) - 1).toString(16)}`);
    expect(newest.parentHash).toBe(before.hash);
  });

  it("blocks come by the clock until told otherwise", async () => {
    const url = devnet.rpcUrl;
    const number = await heightOf(url);
    await rpc(url, "evm_setIntervalMining", 1);
    expect(await rpc(url, "anvil_getIntervalMining")).toBe(1);
    await until(
      async () => (await heightOf(url)) >= number + 2,
      () => "no block comes",
    );
    await rpc(url, "evm_setIntervalMining", 0);
    expect(await rpc(url, "anvil_getIntervalMining")).toBeNull();
  });
});

describe("four validators", () => {
  let devnet: RunningDevnet;
  beforeAll(async () => {
    devnet = await startDevnet();
  });
  afterAll(() => devnet?.destroy());

  const url = (i: number) => devnet.rpcUrls[i] as string;
  const allSay = async (method: string, params: unknown[], wanted: unknown) => {
    let said: unknown[] = [];
    await until(
      async () => {
        said = await Promise.all(devnet.rpcUrls.map((each) => rpc(each, method, ...params)));
        return said.every((x) => x === wanted);
      },
      () => `${method}: ${said}, not all ${wanted}`,
    );
  };

  it("agree on blocks that any of them asks for, on their time, and on what is in them", async () => {
    const newcomer = createNewcomer(devnet);
    await setBalance(url(0), newcomer.address, 5n * ETHER);
    await rpc(url(1), "evm_setAutomine", false);
    await allSay("anvil_getAutomine", [], false);
    const number = await heightOf(url(1));
    const { raw, hash } = await newcomer.transfer(0);
    await submit(url(2), raw);
    expect(await rpc(url(2), "evm_increaseTime", 3600)).toBe(3600);
    await rpc(url(2), "anvil_mine", "0x14", "0x5");
    expect(await heightOf(url(2))).toBe(number + 20);
    expect(await receiptOf(url(3), hash)).toMatchObject({ status: "0x1", blockNumber: `0x${(number + 1).toString(16)}` });
    await devnet.kill(3);
    await rpc(url(0), "evm_mine");
    await rpc(url(1), "anvil_setNextBlockBaseFeePerGas", "0x7");
    await Promise.all([0, 1, 2].map((i) => rpc(url(i), "evm_mine")));
    await devnet.restart(3);
    await allSay("eth_blockNumber", [], `0x${(number + 24).toString(16)}`);
    for (let n = number + 1; n <= number + 24; n++) {
      const block = await blockOf(url(0), `0x${n.toString(16)}`);
      for (const each of devnet.rpcUrls) expect(await blockOf(each, `0x${n.toString(16)}`)).toEqual(block);
    }
    expect((await blockOf(url(3), `0x${(number + 22).toString(16)}`)).baseFeePerGas).toBe("0x7");
  });

  it("blocks by the clock come once for each interval, also when the first of them is dead", async () => {
    await rpc(url(1), "evm_setIntervalMining", 1);
    const number = await heightOf(url(1));
    await devnet.kill(0);
    await until(
      async () => (await heightOf(url(1))) >= number + 3,
      () => "no block comes",
    );
    await rpc(url(1), "evm_setAutomine", true);
    await devnet.restart(0);
    const newest = await heightOf(url(1));
    const times = await Promise.all(
      Array.from({ length: newest - number }, (_, i) => blockOf(url(1), `0x${(number + 1 + i).toString(16)}`)),
    );
    for (const [i, { timestamp }] of times.entries())
      if (i > 0) expect(Number(timestamp) - Number(times[i - 1]?.timestamp)).toBeGreaterThanOrEqual(0);
    await requireOneChain(devnet.rpcUrls);
  });
});
