/**
 * P256VERIFY (0x100, EIP-7951): x(u1 G + u2 Q) = r mod n with u1 = h / s and u2 = r / s. OpenSSL verifies no hash that is given (it
 * hashes what it is given first), but multiplies: fixed points to both coordinates (a key's public half), any point to x (ECDH).
 * x is enough: u1 G + u2 Q = u2 (Q + (h / r) G), one sum of two known points apart. The rest is mcl's P-256.
 */
import { createECDH } from "node:crypto";
import type { Bytes } from "@noema/core/ports/bytes";
import { FR, lazy, type Mcl, p256Curve } from "./mcl.ts";
import { FAILURE, fails, type Native, NOTHING, returns } from "./outcome.ts";
import { type Group, groupOne } from "./points.ts";

const GAS = 6_900n;
const INPUT_BYTES = 160;
/** Before x and y, in OpenSSL's points. */
const UNCOMPRESSED = 4;

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
  const [r, s, hash, key] = mcl.scratch;
  if (mcl._mclBnFr_isZero(r) === 1 || mcl._mclBnFr_isZero(s) === 1) return false;
  if (points.read(key, data, 96) !== "finite") return false;
  mcl.readFr(hash, data, 0);
  const [ofGenerator, u2] = [mcl.scalars, mcl.scalars + FR];
  mcl._mclBnFr_inv(u2, s);
  mcl._mclBnFr_mul(u2, u2, r);
  mcl._mclBnFr_inv(ofGenerator, r);
  mcl._mclBnFr_mul(ofGenerator, ofGenerator, hash);
  if (mcl._mclBnFr_isZero(ofGenerator) === 0) {
    points.read(mcl.g1s, multipleOfGenerator(mcl.writeFr(ofGenerator)), 0);
    mcl._mclBnG1_add(key, key, mcl.g1s);
    if (mcl._mclBnG1_isZero(key) === 1) return false;
  }
  const x = xOfMultiple(points.write(key), mcl.writeFr(u2));
  mcl.readFr(hash, x, 0);
  return mcl._mclBnFr_isEqual(hash, r) === 1;
}

/** x and y of k G; 0 < k < n. */
function multipleOfGenerator(k: Bytes): Bytes {
  const key = createECDH("prime256v1");
  key.setPrivateKey(k);
  return key.getPublicKey().subarray(1);
}

/** x of k P; 0 < k < n, P a finite point of the curve. */
function xOfMultiple(point: Bytes, k: Bytes): Bytes {
  const key = createECDH("prime256v1");
  key.setPrivateKey(k);
  const encoded = new Uint8Array(1 + point.length);
  encoded[0] = UNCOMPRESSED;
  encoded.set(point, 1);
  return key.computeSecret(encoded);
}
