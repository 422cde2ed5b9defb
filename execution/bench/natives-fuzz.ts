/**
 * Precompiles against the library's JavaScript, which they replaced: output, gas and error on random and on spoiled input.
 *   npm run noema -- tool script execution/bench/natives-fuzz.ts [inputs each] [seed] [addresses, as 0x05,0x0b] [forks, as osaka,prague] [second]
 * With "second" 0x06, 0x07 and 0x100 meet implementations that take microseconds (src/testing/natives/seconds.ts), the rest is left out.
 * The library needs hours for 100,000 inputs of the pairings and the multi-scalar multiplications; the rest takes minutes each.
 * Ends with 1 where anything differs.
 */
import { integer } from "@noema/core/arguments";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { nativePrecompiles } from "../src/engine/natives/natives.ts";
import { forkOf } from "../src/rules/forks.ts";
import { compare } from "../src/testing/natives/compare.ts";
import { createReference } from "../src/testing/natives/reference.ts";
import { secondOf } from "../src/testing/natives/seconds.ts";

const [inputs, seed] = [integer(1, 10_000_000)(process.argv[2] ?? "100000"), process.argv[3] ?? "1"];
const only = process.argv[4]?.split(",").map(Number);
const forks = process.argv[5]?.split(",") ?? ["osaka"];
const quick = process.argv[6] === "second";
const PIECE = 1000;

let different = 0;
console.log(`seed ${seed}`);
for (const fork of forks) {
  const reference = createReference(fork);
  for (const [address, native] of nativePrecompiles(forkOf(fork))) {
    if (only !== undefined && !only.includes(address)) continue;
    let [done, succeeded, differences] = [0, 0, 0];
    const started = performance.now();
    for (; done < inputs; done += Math.min(PIECE, inputs - done)) {
      const o = { address, inputs: Math.min(PIECE, inputs - done), seed: `${seed}/${fork}/${done}` };
      const second = quick ? secondOf(address, createSeededRandom(`${o.seed}/second`)) : undefined;
      if (quick && second === undefined) break;
      const found = await compare({ ...o, make: second?.make }, native, second?.reference ?? reference.precompile(address));
      succeeded += found.succeeded;
      differences += found.differences.length;
      for (const difference of found.differences.slice(0, 3)) console.log(difference);
      if (process.stderr.isTTY) process.stderr.write(`\r0x${address.toString(16)}: ${done + o.inputs} `);
    }
    different += differences;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`${fork} 0x${address.toString(16)}: ${done} inputs, ${succeeded} with an output, ${differences} different, ${seconds} s`);
  }
}
process.exitCode = different === 0 ? 0 : 1;
