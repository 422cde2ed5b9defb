/**
 * The point evaluation (0x0a, EIP-4844): natively once kzg-thread.ts has loaded its set-up, by bls/kernel.ts until then and for
 * whatever is refused there. That needs one point of the set-up, [tau]G2: verify(C, z, y, P): e(C - [y]G1 + [z]P, -G2) e(P, [tau]G2) = 1.
 */
import { fromHex } from "@noema/core/bytes";
import { decompressG1 } from "@noema/core/crypto/g1";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { blsKernel, ORDER } from "./bls/kernel.ts";
import { PAD, pairingProduct, readScalar } from "./bls12-381.ts";
import { verifyNatively } from "./kzg-thread.ts";
import { type Computed, fails, type Native, outcome } from "./outcome.ts";

const GAS = 50_000n;
const INPUT_BYTES = 192;
const POINT_BYTES = 48;
const VERSION = 1;
/** FIELD_ELEMENTS_PER_BLOB and BLS_MODULUS. */
const SUCCESS = fromHex(
  "000000000000000000000000000000000000000000000000000000000000100073eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001",
);
const GENERATOR = [
  "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb",
  "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1",
];
/** x.c0, x.c1, y.c0, y.c1 of -G2. */
const NEGATED_GENERATOR = [
  "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
  "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e",
  "0d1b3cc2c7027888be51d9ef691d77bcb679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa",
  "13fa4d4a0ad8b1ce186ed5061789213d993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed",
];
/** Second G2 point of Ethereum's ceremony. */
const TAU = [
  "185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2",
  "15bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72",
  "014353bdb96b626dd7d5ee8599d1fca2131569490e28de18e82451a496a9c9794ce26d105941f383ee689bfbbb832a99",
  "1666c54b0a32529503432fcae0181b4bef79de09fc63671fda5ed1ba9bfa07899495346f3d7ac9cd23048ef30d0a154f",
];

const INFINITY: Bytes = new Uint8Array(128);
const generator = padded(fromHex(GENERATOR.join("")));
const negatedGenerator = padded(fromHex(NEGATED_GENERATOR.join("")));
const tau = padded(fromHex(TAU.join("")));

export const pointEvaluation: Native = pointEvaluationBy(verifyNatively);

/** `verify`, of z, y, commitment and proof, is undefined where it does not say: the own kernel does then. */
export function pointEvaluationBy(verify: (data: Bytes) => boolean | undefined): Native {
  return ({ data, gasLimit }) => {
    if (gasLimit < GAS) return fails(gasLimit, "OUT_OF_GAS");
    if (data.length !== INPUT_BYTES) return fails(gasLimit, "INVALID_INPUT_LENGTH");
    const hash = sha256(data.subarray(96, 144));
    hash[0] = VERSION;
    if (Buffer.compare(hash, data.subarray(0, 32)) !== 0) return fails(gasLimit, "INVALID_COMMITMENT");
    const verified = verify(data.subarray(32));
    return outcome(GAS, gasLimit, verified === undefined ? evaluate(data.subarray(32)) : said(verified));
  };
}

function said(verified: boolean): Computed {
  return verified ? SUCCESS.slice() : { failure: "INVALID_PROOF" };
}

/** `data`: z, y, commitment, proof. */
function evaluate(data: Bytes): Computed {
  const [z, y] = [readScalar(data, 0), readScalar(data, 32)];
  const [commitment, proof] = [decompress(data, 64), decompress(data, 64 + POINT_BYTES)];
  if (z >= ORDER || y >= ORDER || commitment === undefined || proof === undefined) return { failure: "INVALID_INPUTS" };
  const kernel = blsKernel();
  kernel.clear(false);
  let pairs = 0;
  for (const [point, scalar] of [
    [generator, y === 0n ? 0n : ORDER - y],
    [proof, z],
  ] as const) {
    if (scalar === 0n || kernel.read(false, pairs, point, 0) === "infinity") continue;
    kernel.scalar(false, pairs, scalar);
    pairs++;
  }
  if (pairs > 0) kernel.sum(false, pairs);
  if (kernel.read(false, 0, commitment, 0) === "finite") kernel.accumulate(false, 0);
  const product = pairingProduct(kernel);
  for (const [first, second] of [
    [kernel.write(false), negatedGenerator],
    [proof, tau],
  ] as const) {
    const slot = product.slot();
    if (kernel.read(false, slot, first, 0) === "infinity") continue;
    kernel.read(true, slot, second, 0);
    product.accept();
  }
  return said(product.isOne());
}

/** ZCash's compressed form to EIP-2537's. Undefined unless it is the one form of a point of the subgroup. */
function decompress(data: Bytes, at: number): Bytes | undefined {
  try {
    const affine = decompressG1(data.subarray(at, at + POINT_BYTES));
    return affine === undefined ? INFINITY : padded(affine);
  } catch (error) {
    if (isNoemaError(error, "KEY_INVALID")) return undefined;
    throw error;
  }
}

/** Zeros before each coordinate. */
function padded(coordinates: Bytes): Bytes {
  const [width, count] = [POINT_BYTES, coordinates.length / POINT_BYTES];
  const out = new Uint8Array(count * (PAD + width));
  for (let i = 0; i < count; i++) out.set(coordinates.subarray(i * width, (i + 1) * width), i * (PAD + width) + PAD);
  return out;
}
