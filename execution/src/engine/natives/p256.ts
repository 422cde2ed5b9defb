/** P256VERIFY (0x100, EIP-7951): x(u1 G + u2 Q) = r mod n with u1 = h / s and u2 = r / s. */
import { bigIntToBytes, bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { AT, curves, P256 } from "./curves/curves.ts";
import { fails, type Native, NOTHING, returns } from "./outcome.ts";

const GAS = 6_900n;
const INPUT_BYTES = 160;

export const p256Verify: Native = ({ data, gasLimit }) => {
  if (gasLimit < GAS) return fails(gasLimit, "OUT_OF_GAS");
  return returns(GAS, data.length === INPUT_BYTES && verifies(data) ? one() : NOTHING);
};

function one(): Bytes {
  const out = new Uint8Array(32);
  out[31] = 1;
  return out;
}

/** data: hash, r, s, x, y, 32 bytes each. */
function verifies(data: Bytes): boolean {
  const [hash, r, s] = [0, 32, 64].map((at) => bytesToBigInt(data.subarray(at, at + 32))) as [bigint, bigint, bigint];
  if (r === 0n || r >= P256.order || s === 0n || s >= P256.order) return false;
  const { memory, p256Inverse, p256HasX } = curves();
  const put = (at: number, value: bigint) => memory.set(bigIntToBytes(value, 32), at);
  memory.set(data.subarray(64, 96), AT.scalars);
  p256Inverse();
  const inverse = bytesToBigInt(memory.subarray(AT.output, AT.output + 32));
  memory.set(data.subarray(96), AT.input);
  put(AT.scalars, (hash * inverse) % P256.order);
  put(AT.scalars + 32, (r * inverse) % P256.order);
  // x is below p, which is above n: it may be r + n
  const candidates = [r, r + P256.order].filter((x) => x < P256.prime);
  candidates.forEach((x, i) => {
    put(AT.scalars + 64 + 32 * i, x);
  });
  return p256HasX(candidates.length) !== 0;
}
