/**
 * What `noema demo` does: deploys DigitReader.sol and has it classify digits that its model was not trained on, each in a transaction
 * of its own, sent at a steady pace (open loop: a slow answer does not hold the next one back).
 */
import { to0x } from "@noema/core/bytes";
import type { LabelledDigit } from "@noema/precompiles/heldout-digits";
import type { Hex } from "viem";
import { connect, type DemoChain, stateRoots, waitForFinality } from "./chain.ts";
import { classifiedDigit, deployDigitReader, digitReaderAbi } from "./contract.ts";
import { drawDigits, readHeldOut } from "./digits.ts";
import { type Answer, describeRun, showAnswers } from "./report.ts";

const TOTAL = 100;
/** Between two submissions: 20 a second. */
const PACE_MS = 50;

export type DemoOptions = { rpc: string; json: boolean; seed: number };

async function classify(chain: DemoChain, reader: Hex, digit: LabelledDigit, nonce: number): Promise<Answer> {
  const started = performance.now();
  const hash = await chain.walletClient.writeContract({
    address: reader,
    abi: digitReaderAbi,
    functionName: "classify",
    args: [to0x(digit.input)],
    gas: 1_000_000n,
    nonce,
  } as never);
  const receipt = await chain.receipts.of(hash);
  const latestMs = performance.now() - started;
  return { digit, answer: classifiedDigit(receipt), gas: receipt.gasUsed, height: receipt.blockNumber, latestMs };
}

export async function runDemo(options: DemoOptions): Promise<void> {
  const say = (line: string) => {
    if (!options.json) process.stdout.write(`${line}\n`);
  };
  const chain = await connect(options.rpc);
  say(`chain ${chain.publicClient.chain?.id} at ${options.rpc}`);
  const reader = await deployDigitReader(chain);
  say(`DigitReader deployed at ${reader}; sending ${TOTAL} digits that the model was not trained on ...`);
  const digits = drawDigits(readHeldOut(), TOTAL, options.seed);
  const first = await chain.publicClient.getTransactionCount({ address: chain.account.address, blockTag: "pending" });
  const answers = await Promise.all(
    digits.map(async (digit, i) => {
      await new Promise((done) => setTimeout(done, i * PACE_MS));
      return classify(chain, reader, digit, first + i);
    }),
  );
  const height = answers.map((x) => x.height).sort((a, b) => (a < b ? 1 : -1))[0] as bigint;
  const finalityMs = await waitForFinality(chain, height);
  const roots = await stateRoots(chain, options.rpc, height);
  chain.receipts.stop();
  const summary = describeRun(answers, height, roots);
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else showAnswers(answers, summary, finalityMs, say);
  if (new Set(roots).size !== 1) throw new Error(`the validators' state roots of height ${height} differ: ${roots.join(", ")}`);
}
