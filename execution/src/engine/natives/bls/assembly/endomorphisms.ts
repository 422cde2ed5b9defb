// Endomorphisms of the curves.
import { BETA, PSI_X, PSI_Y } from "./constants";
import { FP } from "./fp";
import { FP2, fp2Conjugate } from "./fp2";
import { fp2Mul, fpMul } from "./products";

/** (beta x, y): in the subgroup it multiplies by -x^2, x the curve's parameter. */
export function phi(o: usize, p: usize): void {
  fpMul(o, p, BETA);
  memory.copy(o + FP, p + FP, FP);
}

/** Untwist, Frobenius, twist: in the subgroup it multiplies by x. */
export function psi(o: usize, p: usize): void {
  fp2Conjugate(o, p);
  fp2Conjugate(o + FP2, p + FP2);
  fp2Mul(o, o, PSI_X);
  fp2Mul(o + FP2, o + FP2, PSI_Y);
}

/** psi of Jacobian coordinates. */
export function psiJacobian(o: usize, p: usize): void {
  psi(o, p);
  fp2Conjugate(o + 2 * FP2, p + 2 * FP2);
}
