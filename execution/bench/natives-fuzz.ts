/**
 * Precompiles against the library's JavaScript, which they replaced: output, gas and error on random and on spoiled input.
 *   npm run noema -- tool script execution/bench/natives-fuzz.ts [inputs each] [seed] [addresses, as 0x05,0x0b] [forks, as osaka,prague] [second]
 * The library needs hours for 100,000 inputs of the pairings, the multi-scalar multiplications and the point evaluation; the rest takes
 * minutes each. With "second" these, 0x06, 0x07 and 0x100 meet oracles that take microseconds to milliseconds
 * (src/testing/natives/seconds): other libraries, and inputs whose result is known by how they were made, what is malformed still by
 * the library. The rest is left out. Ends with 1 where anything differs.
 */
import { integer } from "@noema/core/arguments";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { kzgThreadLoaded, startKzgThread } from "../src/engine/natives/kzg-thread.ts";
import { nativePrecompiles } from "../src/engine/natives/natives.ts";
import type { Native } from "../src/engine/natives/outcome.ts";
import { pointEvaluationBy } from "../src/engine/natives/point-evaluation.ts";
import { forkOf } from "../src/rules/forks.ts";
import { compare } from "../src/testing/natives/compare.ts";
import { createReference } from "../src/testing/natives/reference.ts";
import { SECONDS } from "../src/testing/natives/seconds/second.ts";

const [inputs, seed] = [integer(1, 10_000_000)(process.argv[2] ?? "100000"), process.argv[3] ?? "1"];
const only = process.argv[4]?.split(",").map(Number);
const forks = process.argv[5]?.split(",") ?? ["osaka"];
const quick = process.argv[6] === "second";
const PIECE = 1000;

/** The point evaluation has two: a native library, and the own kernel until that has loaded. */
async function* implementations(fork: string): AsyncGenerator<{ address: number; native: Native; name: string }> {
  for (const [address, native] of nativePrecompiles(forkOf(fork))) {
    if ((only !== undefined && !only.includes(address)) || (quick && !SECONDS.has(address))) continue;
    const name = `0x${address.toString(16)}`;
    if (address === 0x0a) {
      startKzgThread();
      const awake = setInterval(() => undefined, 1000); // the thread keeps no process alive
      if (!(await kzgThreadLoaded())) throw new Error("the native KZG library has not loaded");
      clearInterval(awake);
      yield { address, native: pointEvaluationBy(() => undefined), name: `${name} by the own kernel` };
    }
    yield { address, native, name };
  }
}

let different = 0;
console.log(`seed ${seed}`);
for (const fork of forks) {
  const reference = createReference(fork);
  for await (const { address, native, name } of implementations(fork)) {
    let [done, succeeded, differences] = [0, 0, 0];
    const started = performance.now();
    const library = reference.precompile(address);
    const second = quick ? SECONDS.get(address)?.(createSeededRandom(`${seed}/${fork}/second`), library) : undefined;
    for (; done < inputs; done += Math.min(PIECE, inputs - done)) {
      const o = { address, inputs: Math.min(PIECE, inputs - done), seed: `${seed}/${fork}/${done}` };
      const found = await compare({ ...o, make: second?.make }, native, second?.reference ?? library);
      succeeded += found.succeeded;
      differences += found.differences.length;
      for (const difference of found.differences.slice(0, 3)) console.log(difference);
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${done + o.inputs} `);
    }
    different += differences;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`${fork} ${name}: ${done} inputs, ${succeeded} with an output, ${differences} different, ${seconds} s`);
  }
}
process.exitCode = different === 0 ? 0 : 1;
