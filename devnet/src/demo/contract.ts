/** DigitReader.sol: its artifact, and reading what it answered. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import { ensureDigitReader } from "@noema/precompiles/digit-reader";
import { type Abi, type Hex, parseEventLogs, type TransactionReceipt } from "viem";
import { devError } from "../errors.ts";
import type { DemoChain } from "./chain.ts";

const artifact = JSON.parse(readFileSync(join(repositoryRoot(), "precompiles", "contracts", "artifacts", "DigitReader.json"), "utf8")) as {
  abi: Abi;
  bytecode: Hex;
};

export const digitReaderAbi = artifact.abi;

/** The chain's one DigitReader for the model named digits; deployed if nobody has. */
export async function findDigitReader(chain: DemoChain): Promise<Hex> {
  const models = await chain.noema<{ id: Hex; name: string }[]>("noema_models");
  const model = models.find((x) => x.name === "digits");
  if (model === undefined) throw devError("DEV_DEMO_FAILED", "the chain has no active model named digits");
  const send = async (transaction: { to: Hex; data: Hex }) => chain.receipts.of(await chain.walletClient.sendTransaction(transaction));
  return ensureDigitReader({ ask: chain.noema, bytecode: artifact.bytecode, send }, model.id);
}

/** The digit of the receipt's Classified event; undefined when the call failed. */
export function classifiedDigit(receipt: TransactionReceipt): number | undefined {
  const [event] = parseEventLogs({ abi: digitReaderAbi, eventName: "Classified", logs: receipt.logs });
  return event === undefined ? undefined : Number((event as unknown as { args: { digit: number } }).args.digit);
}

/** What the node says of the same call now, for people. */
export async function whyFailed(chain: DemoChain, { hash, gas }: { hash: Hex; gas: bigint }): Promise<string> {
  const { to, input, blockNumber } = await chain.publicClient.getTransaction({ hash });
  try {
    await chain.publicClient.call({ account: chain.account, to, data: input, gas, blockNumber: blockNumber as bigint });
    return "it does not fail when it is called again";
  } catch (error) {
    const { details, shortMessage, message } = error as Error & { details?: string; shortMessage?: string };
    return details || shortMessage || message;
  }
}
