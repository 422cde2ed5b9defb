/** Uniswap v3: deploy, create a pool, mint, swap, collect. The pool writes an oracle observation once a block, so its gas depends on the clock. */
import { everyStep, type Scenario } from "../scenario.ts";
import { artifact, DEADLINE, openTrader } from "./uniswap.ts";

const E18 = 10n ** 18n;
const FEE = 3000;
const PRICE_ONE = 2n ** 96n;
const WIDEST = { tickLower: -887_220, tickUpper: 887_220 }; // multiples of the fee's tick spacing, 60

const ZERO = "0x0000000000000000000000000000000000000000";
const periphery = (path: string) => artifact(`@uniswap/v3-periphery/artifacts/contracts/${path}`);

function uniswapV3(account: number, pauseMs: number): Scenario {
  return {
    name: `Uniswap v3, ${pauseMs / 1000} s between steps`,
    async run(node, steps) {
      const trader = openTrader(node, steps, account, pauseMs);
      const { deploy, send, wallet } = trader;
      const erc20 = artifact("@uniswap/v2-core/build/ERC20.json");
      const weth = await deploy("WETH9", artifact("@uniswap/v2-periphery/build/WETH9.json"));
      const tokens = [await deploy("token", erc20, 1_000_000n * E18), await deploy("token", erc20, 1_000_000n * E18)];
      const factory = await deploy("factory", artifact("@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json"));
      const router = await deploy("router", periphery("SwapRouter.sol/SwapRouter.json"), factory.target, weth.target);
      const managerArtifact = periphery("NonfungiblePositionManager.sol/NonfungiblePositionManager.json");
      const manager = await deploy("position manager", managerArtifact, factory.target, weth.target, ZERO);
      for (const token of tokens)
        for (const spender of [router, manager]) await send("approve", token, "approve", spender.target, 2n ** 255n);
      const [token0, token1] = tokens.map((x) => String(x.target)).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) as [string, string];
      const recipient = wallet.address;
      const forever = { recipient, deadline: DEADLINE };

      await send("create pool", manager, "createAndInitializePoolIfNecessary", token0, token1, FEE, PRICE_ONE);
      const amounts = { amount0Desired: 10_000n * E18, amount1Desired: 10_000n * E18, amount0Min: 0, amount1Min: 0 };
      await send("mint", manager, "mint", { token0, token1, fee: FEE, ...WIDEST, ...amounts, ...forever });
      const swap = (tokenIn: string, tokenOut: string) => ({ tokenIn, tokenOut, fee: FEE, ...forever, sqrtPriceLimitX96: 0 });
      for (const [tokenIn, tokenOut] of [
        [token0, token1],
        [token1, token0],
        [token0, token1],
        [token1, token0],
      ] as const)
        await send("swap", router, "exactInputSingle", { ...swap(tokenIn, tokenOut), amountIn: E18, amountOutMinimum: 0 });
      await send("swap for exact", router, "exactOutputSingle", { ...swap(token0, token1), amountOut: E18, amountInMaximum: 2n * E18 });
      await send("increase", manager, "increaseLiquidity", { tokenId: 1, ...amounts, deadline: DEADLINE });
      await send("decrease", manager, "decreaseLiquidity", {
        tokenId: 1,
        liquidity: E18,
        amount0Min: 0,
        amount1Min: 0,
        deadline: DEADLINE,
      });
      await send("collect", manager, "collect", { tokenId: 1, recipient, amount0Max: 2n ** 100n, amount1Max: 2n ** 100n });
      trader.close();
    },
    judge: everyStep,
  };
}

export const uniswapV3Scenarios = [uniswapV3(7, 0), uniswapV3(8, 1100)];
