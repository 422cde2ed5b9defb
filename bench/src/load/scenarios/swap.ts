import { creationCode, encoder } from "./contract.ts";
import { deployToken } from "./erc20.ts";
import type { Scenario } from "./scenario.ts";

const GAS = 180_000;
const APPROVE_GAS = 60_000;
const LIQUIDITY = 10n ** 27n;
const transfer = encoder("transfer(address,uint256)");
const approve = encoder("approve(address,uint256)");
const sync = encoder("sync()");
const swap = encoder("swap(bool,uint256,uint256)");

export const swaps: Scenario = {
  name: "swap",
  about: "a swap in a pool of two ERC-20 tokens with a constant product, there and back in turn",
  gas: GAS,
  value: 0n,
  async prepare(setup) {
    const tokens = [await deployToken(setup), await deployToken(setup)] as const;
    const pool = await setup.deploy(creationCode("Pool", ...tokens));
    await setup.send([
      ...tokens.map((to) => ({ to, data: transfer(pool, LIQUIDITY), gas: APPROVE_GAS })),
      { to: pool, data: sync(), gas: GAS },
    ]);
    for (const to of tokens) await setup.sendFromEach({ to, data: approve(pool, 2n ** 256n - 1n), gas: APPROVE_GAS });
    const directions = [swap(1, 1_000_000, 1), swap(0, 1_000_000, 1)] as const;
    const { length } = setup.senders;
    return (i) => ({ to: pool, value: 0n, data: directions[Math.floor(i / length) % 2 === 0 ? 0 : 1], gas: GAS });
  },
};
