/** Uniswap v2: deploy, two pools, swaps in both directions, liquidity out. A pair stores prices by time, so its gas depends on the clock. */
import { everyStep, type Scenario } from "../scenario.ts";
import { artifact, DEADLINE, openTrader } from "./uniswap.ts";

const E18 = 10n ** 18n;

function uniswapV2(account: number, pauseMs: number): Scenario {
  return {
    name: `Uniswap v2, ${pauseMs / 1000} s between steps`,
    async run(node, steps) {
      const trader = openTrader(node, steps, account, pauseMs);
      const { deploy, send, wallet } = trader;
      const erc20 = artifact("@uniswap/v2-core/build/ERC20.json");
      const weth = await deploy("WETH9", artifact("@uniswap/v2-periphery/build/WETH9.json"));
      const a = await deploy("token A", erc20, 1_000_000n * E18);
      const b = await deploy("token B", erc20, 1_000_000n * E18);
      const factory = await deploy("factory", artifact("@uniswap/v2-core/build/UniswapV2Factory.json"), wallet.address);
      const router = await deploy("router", artifact("@uniswap/v2-periphery/build/UniswapV2Router02.json"), factory.target, weth.target);
      for (const token of [a, b]) await send("approve", token, "approve", router.target, 2n ** 255n);
      const to = wallet.address;
      const add = [a.target, b.target, 10_000n * E18, 10_000n * E18, 0, 0, to, DEADLINE];
      await send("addLiquidity", router, "addLiquidity", ...add);
      await send("addLiquidityETH", router, "addLiquidityETH", a.target, 1_000n * E18, 0, 0, to, DEADLINE, { value: E18 });
      for (const path of [
        [a, b],
        [b, a],
        [a, b],
        [b, a],
        [a, b],
      ])
        await send(
          "swap",
          router,
          "swapExactTokensForTokens",
          E18,
          0,
          path.map((x) => x.target),
          to,
          DEADLINE,
        );
      const exact = [E18, 2n * E18, [a.target, b.target], to, DEADLINE];
      await send("swap for exact", router, "swapTokensForExactTokens", ...exact);
      await send("swap ETH", router, "swapExactETHForTokens", 0, [weth.target, a.target, b.target], to, DEADLINE, { value: E18 / 100n });
      await send("addLiquidity", router, "addLiquidity", ...add);
      const pair = a.attach(await factory.getFunction("getPair")(a.target, b.target)) as typeof a;
      await send("approve", pair, "approve", router.target, 2n ** 255n);
      await send("removeLiquidity", router, "removeLiquidity", a.target, b.target, E18, 0, 0, to, DEADLINE);
      trader.close();
    },
    judge: everyStep,
  };
}

export const uniswapV2Scenarios = [uniswapV2(5, 0), uniswapV2(6, 1100)];
