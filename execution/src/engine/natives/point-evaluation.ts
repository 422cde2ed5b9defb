/**
 * The point evaluation (0x0a, EIP-4844): natively once kzg-thread.ts has loaded its set-up, by mcl until then and for whatever is
 * refused there. mcl needs one point of the set-up, [tau]G2: verify(C, z, y, P): e(C - [y]G1 + [z]P, -G2) e(P, [tau]G2) = 1.
 */
import { fromHex } from "@noema/core/bytes";
import { decompressG1 } from "@noema/core/crypto/g1";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { verifyNatively } from "./kzg-thread.ts";
import { blsCurve, FR, G1, G2, lazy, type Mcl } from "./mcl.ts";
import { type Computed, FAILURE, fails, type Native, outcome } from "./outcome.ts";
import { pairingProduct } from "./pairing.ts";
import { type Group, groupOne, groupTwo } from "./points.ts";

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

type Constants = { mcl: Mcl; points: Group; generator: number; negated: number; tau: number };

const constants = lazy(() => blsCurve(createConstants));

export const pointEvaluation: Native = ({ data, gasLimit }) => {
  if (gasLimit < GAS) return fails(gasLimit, FAILURE.OUT_OF_GAS);
  if (data.length !== INPUT_BYTES) return fails(gasLimit, FAILURE.INVALID_INPUT_LENGTH);
  const hash = sha256(data.subarray(96, 144));
  hash[0] = VERSION;
  if (Buffer.compare(hash, data.subarray(0, 32)) !== 0) return fails(gasLimit, FAILURE.INVALID_COMMITMENT);
  const verified = verifyNatively(data.subarray(32));
  if (verified !== undefined) return outcome(GAS, gasLimit, said(verified));
  return constants((loaded) => outcome(GAS, gasLimit, evaluate(loaded, data.subarray(32))));
};

function createConstants(mcl: Mcl): Constants {
  const [one, two] = [groupOne(mcl, 0), groupTwo(mcl, 0, [0, 1, 2, 3])];
  const generator = mcl._malloc(G1 + 2 * G2);
  const constants = { mcl, points: one, generator, negated: generator + G1, tau: generator + G1 + G2 };
  one.read(generator, fromHex(GENERATOR.join("")), 0);
  two.read(constants.negated, fromHex(NEGATED_GENERATOR.join("")), 0);
  two.read(constants.tau, fromHex(TAU.join("")), 0);
  return constants;
}

function said(verified: boolean): Computed {
  return verified ? SUCCESS.slice() : { failure: FAILURE.INVALID_PROOF };
}

/** `data`: z, y, commitment, proof. */
function evaluate(loaded: Constants, data: Bytes): Computed {
  const { mcl, generator, negated, tau } = loaded;
  const [commitment, proof, sum, y] = mcl.scratch;
  const [z, points] = [mcl.scalars + FR, mcl.g1s];
  const scalars = mcl.readScalar(z, data, 0) && mcl.readScalar(y, data, 32);
  if (!scalars || !decompress(loaded, commitment, data, 64) || !decompress(loaded, proof, data, 64 + POINT_BYTES))
    return { failure: FAILURE.INVALID_INPUTS };
  const heap = mcl.heap();
  mcl._mclBnFr_neg(mcl.scalars, y);
  heap.copyWithin(points, generator, generator + G1);
  heap.copyWithin(points + G1, proof, proof + G1);
  mcl._mclBnG1_mulVec(sum, points, mcl.scalars, mcl._mclBnG1_isZero(proof) === 1 ? 1 : 2);
  mcl._mclBnG1_add(sum, sum, commitment);
  const product = pairingProduct(mcl);
  for (const [first, second] of [
    [sum, negated],
    [proof, tau],
  ] as const) {
    if (mcl._mclBnG1_isZero(first) === 1) continue;
    const to = product.next();
    mcl.heap().copyWithin(to.one, first, first + G1);
    mcl.heap().copyWithin(to.two, second, second + G2);
    product.accept();
  }
  return said(product.isOne());
}

/** ZCash's compressed form. False unless it is the one form of a point of the subgroup. */
function decompress({ mcl, points }: Constants, out: number, data: Bytes, at: number): boolean {
  try {
    const affine = decompressG1(data.subarray(at, at + POINT_BYTES));
    if (affine === undefined) mcl._mclBnG1_clear(out);
    else points.read(out, affine, 0);
    return true;
  } catch (error) {
    if (isNoemaError(error, "KEY_INVALID")) return false;
    throw error;
  }
}
