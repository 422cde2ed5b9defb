/**
 * Membership in BN254's G2 by its endomorphism, a quarter of what a multiplication by the order takes: P of the twist is in G2 if and
 * only if [u + 1]P + psi([u]P) + psi^2([u]P) = psi^3([2u]P), u the curve's parameter (El Housni, Guillevic, Piellard, "Co-factor
 * clearing and subgroup membership testing on pairing-friendly curves", ePrint 2022/352, as gnark-crypto has it).
 */
import { bigIntToBytes } from "@noema/core/bytes";
import { FP, G2, type Mcl } from "./mcl.ts";

const U = 4_965_661_367_192_848_881n;
const FP2 = 2 * FP;
/** (9 + i)^((p - 1) / 3) and (9 + i)^((p - 1) / 2), real and imaginary. */
const X_FACTOR = [
  21575463638280843010398324269430826099269044274347216827212613867836435027261n,
  10307601595873709700152284273816112264069230130616436755625194854815875713954n,
];
const Y_FACTOR = [
  2821565182194536844548159561693502659359617185244120367078079554186484126554n,
  3505843767911556378687030309984248845540243509899259641013678093033130930403n,
];

/** Says of a finite, normalized point of the twist whether it is in G2. */
export function subgroupTest(mcl: Mcl): (point: number) => boolean {
  const memory = mcl._malloc(5 * G2 + 2 * FP2);
  const [multiple, sum, image, double] = [memory, memory + G2, memory + 2 * G2, memory + 3 * G2];
  const [xFactor, yFactor] = [memory + 5 * G2, memory + 5 * G2 + FP2];
  [...X_FACTOR, ...Y_FACTOR].forEach((part, i) => {
    mcl.readFp(xFactor + i * FP, bigIntToBytes(part, 32), 0);
  });
  const bits = U.toString(2).slice(1);
  /** In place, on projective coordinates: conjugates x, y and z. */
  const psi = (point: number) => {
    for (const part of [point, point + FP2, point + 2 * FP2]) mcl._mclBnFp_neg(part + FP, part + FP);
    mcl._mclBnFp2_mul(point, point, xFactor);
    mcl._mclBnFp2_mul(point + FP2, point + FP2, yFactor);
  };
  return (point) => {
    const copy = (to: number, from: number) => mcl.heap().copyWithin(to, from, from + G2);
    copy(multiple, point);
    // mcl's multiplication splits the factor as only a point of G2 may have it split
    for (const bit of bits) {
      mcl._mclBnG2_dbl(multiple, multiple);
      if (bit === "1") mcl._mclBnG2_add(multiple, multiple, point);
    }
    mcl._mclBnG2_add(sum, multiple, point);
    copy(image, multiple);
    psi(image);
    mcl._mclBnG2_add(sum, sum, image);
    psi(image);
    mcl._mclBnG2_add(sum, sum, image);
    psi(image);
    mcl._mclBnG2_dbl(double, image);
    return mcl._mclBnG2_isEqual(double, sum) === 1;
  };
}
