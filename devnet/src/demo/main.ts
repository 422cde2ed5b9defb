/**
 * What `noema demo` does: deploys DigitReader.sol and has it classify digits that its model was not trained on, each in a transaction
 * of its own, sent at a steady pace (open loop: a slow answer does not hold the next one back).
 */
import { to0x } from "@noema/core/bytes";
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { styleFor } from "@noema/node/cli/style";
import type { LabelledDigit } from "@noema/precompiles/heldout-digits";
import { getAddress, type Hex } from "viem";
import { devError } from "../errors.ts";
import { connect, type DemoChain, requireFunds, stateRoots, unlessHalted, waitForFinality } from "./chain.ts";
import { classifiedDigit, digitReaderAbi, findDigitReader, whyFailed } from "./contract.ts";
import { drawDigits, readHeldOut } from "./digits.ts";
import { type Answer, describeRun, report } from "./report.ts";

const TOTAL = 100;
/** Between two submissions: 20 a second. */
const PACE_MS = 50;
const GAS = 1_000_000n;

export type DemoOptions = { rpc: string; json: boolean; seed: number };

async function classify(chain: DemoChain, reader: Hex, digit: LabelledDigit, nonce: number): Promise<Answer> {
  const started = performance.now();
  const hash = await chain.walletClient.writeContract({
    address: reader,
    abi: digitReaderAbi,
    functionName: "classify",
    args: [to0x(digit.input)],
    gas: GAS,
    nonce,
  } as never);
  const receipt = await chain.receipts.of(hash);
  const latestMs = performance.now() - started;
  const answer = classifiedDigit(receipt);
  const failure = answer === undefined ? { failure: await whyFailed(chain, { hash, gas: GAS }) } : {};
  return { digit, hash, answer, ...failure, gas: receipt.gasUsed, height: receipt.blockNumber, latestMs };
}

export async function runDemo(options: DemoOptions): Promise<void> {
  const progress = createProgress(options.json ? process.stderr : process.stdout);
  const chain = await progress.during((s) => `asking ${options.rpc} ... ${s} s`, connect(options.rpc));
  try {
    await classifyAll(chain, options, progress);
  } finally {
    chain.receipts.stop();
  }
}

async function classifyAll(chain: DemoChain, options: DemoOptions, { say, during }: Progress): Promise<void> {
  const step = <T>(describe: (seconds: number) => string, work: Promise<T>) => during(describe, unlessHalted(chain, work));
  await step((s) => `asking what the account has ... ${s} s`, requireFunds(chain));
  const reader = await step((s) => `looking for DigitReader, deploying it if nobody has ... ${s} s`, findDigitReader(chain));
  if (!options.json) say(`DigitReader is at ${getAddress(reader)}\nIts model was not trained on the digits that it gets now.`);
  const digits = drawDigits(readHeldOut(), TOTAL, options.seed);
  const first = await chain.publicClient.getTransactionCount({ address: chain.account.address, blockTag: "pending" });
  const answers: Answer[] = [];
  const right = () => answers.filter((x) => x.answer === x.digit.label).length;
  const sending = digits.map(async (digit, i) => {
    await new Promise((done) => setTimeout(done, i * PACE_MS));
    answers.push(await classify(chain, reader, digit, first + i));
  });
  await step((s) => `${answers.length} of ${TOTAL} digits answered, ${right()} right ... ${s} s`, Promise.all(sending));
  const height = answers.map((x) => x.height).reduce((a, b) => (a > b ? a : b));
  const finalityMs = await step((s) => `waiting until block ${height} is final ... ${s} s`, waitForFinality(chain, height));
  const roots = await step((s) => `asking all validators for its state root ... ${s} s`, stateRoots(chain, options.rpc, height));
  const summary = describeRun(answers, height, roots);
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else say(report({ answers, summary, finalityMs }, styleFor(process.stdout)));
  const failed = answers.filter((x) => x.answer === undefined).length;
  if (failed > 0) throw devError("DEV_DEMO_FAILED", `${failed} of ${TOTAL} transactions failed`);
  if (new Set(roots).size !== 1)
    throw devError("DEV_DEMO_FAILED", `the validators' state roots of height ${height} differ: ${roots.join(", ")}`);
}
