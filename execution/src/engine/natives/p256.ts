/**
 * P256VERIFY (0x100, EIP-7951): mcl's P-256. node:crypto does not verify a hash that is given: it hashes what it is given first.
 * x(u1 G + u2 Q) = r mod n with u1 = h / s and u2 = r / s.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { FR, G1, lazy, type Mcl, p256Curve } from "./mcl.ts";
import { FAILURE, fails, type Native, NOTHING, returns } from "./outcome.ts";
import { type Group, groupOne } from "./points.ts";

const GAS = 6_900n;
const INPUT_BYTES = 160;

type Curve = { mcl: Mcl; points: Group };

const curve = lazy(() => p256Curve((mcl): Curve => ({ mcl, points: groupOne(mcl, 0) })));

export const p256Verify: Native = ({ data, gasLimit }) => {
  if (gasLimit < GAS) return fails(gasLimit, FAILURE.OUT_OF_GAS);
  if (data.length !== INPUT_BYTES) return returns(GAS, NOTHING);
  return curve((loaded) => returns(GAS, verifies(loaded, data) ? one() : NOTHING));
};

function one(): Bytes {
  const out = new Uint8Array(32);
  out[31] = 1;
  return out;
}

/** data: hash, r, s, x, y, 32 bytes each. */
function verifies({ mcl, points }: Curve, data: Bytes): boolean {
  if (!mcl.readScalar(mcl.scratch[0], data, 32) || !mcl.readScalar(mcl.scratch[1], data, 64)) return false;
  const [r, s, hash, sum] = mcl.scratch;
  if (mcl._mclBnFr_isZero(r) === 1 || mcl._mclBnFr_isZero(s) === 1) return false;
  const key = mcl.g1s + G1;
  if (points.read(key, data, 96) !== "finite") return false;
  mcl._mclBnG1_getBasePoint(mcl.g1s);
  mcl.readFr(hash, data, 0);
  mcl._mclBnFr_inv(s, s);
  mcl._mclBnFr_mul(mcl.scalars, hash, s);
  mcl._mclBnFr_mul(mcl.scalars + FR, r, s);
  points.sum(sum, mcl.g1s, mcl.scalars, 2);
  if (mcl._mclBnG1_isZero(sum) === 1) return false;
  const x = points.write(sum);
  mcl.readFr(hash, x, 0);
  return mcl._mclBnFr_isEqual(hash, r) === 1;
}
