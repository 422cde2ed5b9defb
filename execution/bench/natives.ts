/**
 * What a unit of gas costs in each precompile, before (the library's JavaScript) and now:
 *   npm run noema -- tool script execution/bench/natives.ts [fork] [addresses, as 0x05,0x0b]
 * Prints nanoseconds of CPU a unit of gas (this thread's; of the point evaluation the process's, as another thread computes it), the dearest input of each precompile that is known here. The goal is 33 ns
 * (30 Mgas/s).
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { p256 } from "@noble/curves/nist.js";
import { concatBytes } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { kzgThreadLoaded, startKzgThread } from "../src/engine/natives/kzg-thread.ts";
import { nativePrecompiles } from "../src/engine/natives/natives.ts";
import type { NativeInput } from "../src/engine/natives/outcome.ts";
import { forkOf } from "../src/rules/forks.ts";
import { word } from "../src/testing/natives/bytes.ts";
import type { Curve } from "../src/testing/natives/curve-group.ts";
import { pointSource } from "../src/testing/natives/curve-points.ts";
import { createReference, type Precompile } from "../src/testing/natives/reference.ts";
import { signHash } from "../src/transactions/secp256k1.ts";

const [fork, only] = [process.argv[2] ?? "osaka", process.argv[3]?.split(",").map(Number)];
const random = createSeededRandom("natives");
const full = (length: number) => new Uint8Array(length).fill(255);
const times = (count: number, make: () => Bytes) => concatBytes(...Array.from({ length: count }, make));
const finite =
  ({ good }: { good(): Bytes }) =>
  () => {
    for (;;) {
      const point = good();
      if (point.some((byte) => byte !== 0)) return point;
    }
  };
const point = (curve: Curve, group: "G1" | "G2") => finite(pointSource(random, curve, group));
const [bnOne, bnTwo] = [point("bn254", "G1"), point("bn254", "G2")];
const [blsOne, blsTwo] = [point("bls12-381", "G1"), point("bls12-381", "G2")];
const field = () => concatBytes(new Uint8Array(17), random.bytes(47));
const modexp = (base: number, exponent: number, modulus: number, last = 255) => {
  const m = full(modulus);
  m[modulus - 1] = last;
  return concatBytes(word(base), word(exponent), word(modulus), new Uint8Array(base).fill(0x5a), full(exponent), m);
};

function cases(): Map<number, Record<string, Bytes>> {
  const hash = sha256(random.bytes(8));
  const { signature, yParity } = signHash(hash, sha256(hash));
  const secret = p256.utils.randomSecretKey();
  const p256Signature = p256.sign(hash, secret, { prehash: false, lowS: false });
  const commitment = bls12_381.G1.Point.BASE.toBytes(true);
  const versioned = sha256(commitment);
  versioned[0] = 1;
  const rounds = concatBytes(Uint8Array.of(0, 0, 0x40, 0), random.bytes(208), Uint8Array.of(1));
  const hashes = { empty: new Uint8Array(0), "1 kB": random.bytes(1024), "100 kB": random.bytes(102_400) };
  return new Map<number, Record<string, Bytes>>([
    [0x01, { signature: concatBytes(hash, word(27 + yParity), signature) }],
    [0x02, hashes],
    [0x03, hashes],
    [0x04, hashes],
    [
      0x05,
      Object.fromEntries(
        [8, 16, 24, 32, 33, 40, 48, 64, 128, 256, 512, 1024]
          .flatMap((size): [string, Bytes][] => [
            [`${size} bytes, exponent 1`, concatBytes(modexp(size, 0, size).subarray(0, 32), word(1), modexp(size, 1, size).subarray(64))],
            [`${size} bytes, exponent 32`, modexp(size, 32, size)],
            [`${size} bytes, exponent ${size > 256 ? 64 : 1024}`, modexp(size, size > 256 ? 64 : 1024, size)],
          ])
          .concat([
            ["32 bytes, even", modexp(32, 32, 32, 254)],
            ["256 bytes, even", modexp(256, 64, 256, 254)],
          ]),
      ),
    ],
    [0x06, { addition: times(2, bnOne) }],
    [0x07, { multiplication: concatBytes(bnOne(), full(32)) }],
    [
      0x08,
      {
        "1 pair": concatBytes(bnOne(), bnTwo()),
        "2 pairs": times(2, () => concatBytes(bnOne(), bnTwo())),
        "16 pairs": times(16, () => concatBytes(bnOne(), bnTwo())),
      },
    ],
    [0x09, { "16,384 rounds": rounds }],
    [0x0a, { "a false opening": concatBytes(versioned, word(5), word(7), commitment, commitment) }],
    [0x0b, { addition: times(2, blsOne) }],
    [0x0c, sums(() => concatBytes(blsOne(), random.bytes(32)))],
    [0x0d, { addition: times(2, blsTwo) }],
    [0x0e, sums(() => concatBytes(blsTwo(), random.bytes(32)))],
    [
      0x0f,
      {
        "1 pair": concatBytes(blsOne(), blsTwo()),
        "2 pairs": times(2, () => concatBytes(blsOne(), blsTwo())),
        "16 pairs": times(16, () => concatBytes(blsOne(), blsTwo())),
      },
    ],
    [0x10, { "an element": field() }],
    [0x11, { "an element": times(2, field) }],
    [0x100, { signature: concatBytes(hash, p256Signature, p256.getPublicKey(secret, false).subarray(1)) }],
  ]);
}

function sums(pair: () => Bytes): Record<string, Bytes> {
  return { "1 pair": pair(), "2 pairs": times(2, pair), "16 pairs": times(16, pair), "128 pairs": times(128, pair) };
}

/** Microseconds of this thread, or of the process; the least of five rounds of at least `round` milliseconds. */
async function cost(run: Precompile, input: NativeInput, round: number, elsewhere = false): Promise<number> {
  const used = () => {
    const { user, system } = elsewhere ? process.cpuUsage() : process.threadCpuUsage();
    return user + system;
  };
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const from = used();
    let runs = 0;
    do {
      const result = run(input);
      if (result instanceof Promise) await result;
      runs++;
    } while (used() - from < round * 1000);
    least = Math.min(least, (used() - from) / runs);
  }
  return least;
}

const POINT_EVALUATION = 0x0a;

async function kzgThread(): Promise<void> {
  startKzgThread();
  if (!(await kzgThreadLoaded())) console.log("the native KZG library is not there: the own kernel evaluates");
}

const reference = createReference(fork);
const inputs = cases();
console.log(`${fork}: ns a unit of gas`);
for (const [address, native] of nativePrecompiles(forkOf(fork))) {
  if (only !== undefined && !only.includes(address)) continue;
  for (const [name, data] of Object.entries(inputs.get(address) as Record<string, Bytes>)) {
    const input = { data, gasLimit: 10n ** 15n };
    if (address === POINT_EVALUATION) await kzgThread();
    const free = await native(input);
    // A failure takes all that it is given: the price is what it needs at least.
    const gas = free.failure === undefined ? Number(free.gasUsed) : 50_000;
    await cost(native, input, 60); // the compiler's second thought
    const [now, before] = [
      await cost(native, input, 60, address === POINT_EVALUATION),
      await cost(reference.precompile(address), input, 20),
    ];
    const figure = (microseconds: number) => ((microseconds * 1000) / gas).toFixed(1).padStart(9);
    console.log(
      `0x${address.toString(16).padEnd(4)}${name.padEnd(28)}${String(gas).padStart(10)} gas ${figure(before)} before ${figure(now)} now`,
    );
  }
}
