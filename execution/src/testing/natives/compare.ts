/** Both precompiles on the same input: output, gas and error have to be the same. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { type Inputs, inputsOf } from "./inputs.ts";
import { type Precompile, wordsOf } from "./reference.ts";

export type Difference = { data: string; gasLimit: bigint; native: string; reference: string };
export type Comparison = { inputs: number; succeeded: number; differences: Difference[] };

/** The most that a block may have. With more an exponent of gigabytes is paid for, and the library fails at it. */
const BLOCK_GAS = 120_000_000n;
/** `untilOneSucceeds`: chance may have all of a few inputs refused; so many times as many are tried then. */
const PATIENCE = 20;

export async function compare(
  o: { address: number; inputs: number; seed: string; most?: number; make?: Inputs; untilOneSucceeds?: boolean },
  native: Precompile,
  reference: Precompile,
): Promise<Comparison> {
  const random = createSeededRandom(o.seed);
  const make = o.make ?? inputsOf(o.address, random.fork(`inputs/${o.address}`), o.most);
  const out: Comparison = { inputs: 0, succeeded: 0, differences: [] };
  const enough = () => out.inputs >= (out.succeeded > 0 || !o.untilOneSucceeds ? o.inputs : PATIENCE * o.inputs);
  for (; !enough(); out.inputs++) {
    const data = make();
    const gasLimit = random.chance(0.05) ? BigInt(random.integer(100_000)) : BLOCK_GAS;
    const [mine, theirs] = [await said(native, data, gasLimit), await said(reference, data, gasLimit)];
    if (mine.succeeded) out.succeeded++;
    if (mine.text !== theirs.text) out.differences.push({ data: toHex(data), gasLimit, native: mine.text, reference: theirs.text });
  }
  return out;
}

async function said(run: Precompile, data: Bytes, gasLimit: bigint) {
  const { gasUsed, output, failure } = await run({ data: data.slice(), gasLimit });
  const text = `${wordsOf(failure)} ${gasUsed} ${toHex(output)}`;
  return { text, succeeded: failure === undefined && output.length > 0 };
}
