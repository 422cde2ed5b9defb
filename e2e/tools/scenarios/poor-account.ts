/** Whoever cannot pay is told so, in the class that each tool has for it. */
import { JsonRpcProvider, Wallet } from "ethers";
import { BaseError, createPublicClient, createWalletClient, http, InsufficientFundsError } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { address, privateKey } from "../accounts.ts";
import { cast, mined, type RunningNode } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";

/** Pays for a transfer's value; never for its gas, however low the base fee has fallen. */
const LITTLE = 1000n;
const FEES = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };

export const poorAccountScenario: Scenario = {
  name: "an account that cannot pay",
  async run(node, steps) {
    for (const balance of [0n, LITTLE]) {
      const key = generatePrivateKey();
      const account = privateKeyToAccount(key);
      if (balance > 0n) await give(node, account.address, balance);
      const call = { to: address(9), value: 1n, data: "0x01" } as const; // data: anvil lets every plain transfer pass
      const has = balance === 0n ? "nothing" : "little";

      const client = createPublicClient({ chain: foundry, transport: http(node.url) });
      const wallet = createWalletClient({ account, chain: foundry, transport: http(node.url) });
      await steps.step(`viem sends, has ${has}`, () => failsAs(viemClass, "InsufficientFundsError", wallet.sendTransaction(call)));
      const estimate = client.estimateGas({ account, ...call, ...FEES });
      await steps.step(`viem estimates, has ${has}`, () => failsAs(viemClass, "InsufficientFundsError", estimate));

      const provider = new JsonRpcProvider(node.url);
      const ethersWallet = new Wallet(key, provider);
      await steps.step(`ethers sends, has ${has}`, () => failsAs(ethersCode, "INSUFFICIENT_FUNDS", ethersWallet.sendTransaction(call)));
      const priced = ethersWallet.sendTransaction({ ...call, gasLimit: 50_000n });
      await steps.step(`ethers sends with gas, has ${has}`, () => failsAs(ethersCode, "INSUFFICIENT_FUNDS", priced));
      provider.destroy();

      const text = (...args: string[]) => cast(node, ...args).then(() => {});
      const send = text("send", call.to, "--value", "1", "--private-key", key);
      await steps.step(`cast sends, has ${has}`, () => failsAs(castText, "insufficient funds", send));
      const castEstimate = text("estimate", call.to, "0x01", "--value", "1", "--from", account.address, "--gas-price", "10gwei");
      await steps.step(`cast estimates, has ${has}`, () => failsAs(castText, "insufficient funds", castEstimate));
    }
  },
  judge: everyStep,
};

async function failsAs(classOf: (error: unknown) => string, wanted: string, sent: Promise<unknown>): Promise<void> {
  const error = await sent.then(
    () => new Error("accepted"),
    (error) => error,
  );
  const found = classOf(error);
  if (found !== wanted) throw new Error(found);
}

function viemClass(error: unknown): string {
  if (!(error instanceof BaseError)) return String(error);
  return error.walk((x) => x instanceof InsufficientFundsError) || /exceeds allowance/.test(error.details)
    ? "InsufficientFundsError"
    : `${(error.walk() as Error).name}: ${error.details}`;
}

function ethersCode(error: unknown): string {
  const { code, message, info } = error as { code?: string; message: string; info?: { error?: { message: string } } };
  return code === "INSUFFICIENT_FUNDS" ? code : `${code} ${info?.error?.message ?? message}`;
}

/** anvil's and geth's words: cast prints what the node says. */
function castText(error: unknown): string {
  const { message } = error as Error;
  return /insufficient funds|exceeds allowance/i.test(message) ? "insufficient funds" : message;
}

async function give(node: RunningNode, to: string, value: bigint): Promise<void> {
  const provider = new JsonRpcProvider(node.url);
  const sent = await new Wallet(privateKey(3), provider).sendTransaction({ to, value });
  await mined(node.url, sent.hash);
  provider.destroy();
}
