/** BN254's addition and multiplication (0x06, 0x07) by mcl. */
import type { Bytes } from "@noema/core/ports/bytes";
import { bn254Curve, type Mcl } from "../../../engine/natives/mcl.ts";
import { fails, type Native, returns } from "../../../engine/natives/outcome.ts";
import { type Group, groupOne } from "../../../engine/natives/points.ts";

type One = { good(out: number, data: Bytes, at: number): boolean; write: Group["write"] };
/** The result is the first of the points. */
type Compute = (curve: { mcl: Mcl; one: One; points: Mcl["scratch"] }, data: Bytes) => boolean;

function bn254(length: number, gas: bigint, compute: Compute): Native {
  return ({ data, gasLimit }) => {
    if (gasLimit < gas) return fails(gasLimit, "OUT_OF_GAS");
    const input = new Uint8Array(length);
    input.set(data.subarray(0, length));
    return bn254Curve((mcl) => {
      const { read, write } = groupOne(mcl);
      const one = { good: (out: number, from: Bytes, at: number) => ["finite", "infinity"].includes(read(out, from, at)), write };
      return compute({ mcl, one, points: mcl.scratch }, input) ? returns(gas, write(mcl.scratch[0])) : fails(gasLimit, "REVERT");
    });
  };
}

export const addition = bn254(128, 150n, ({ mcl, one, points: [a, b] }, data) => {
  if (!one.good(a, data, 0) || !one.good(b, data, 64)) return false;
  mcl._mclBnG1_add(a, a, b);
  return true;
});

export const multiplication = bn254(96, 6_000n, ({ mcl, one, points: [a, b] }, data) => {
  if (!one.good(a, data, 0)) return false;
  mcl.readFr(b, data, 64);
  mcl._mclBnG1_mul(a, a, b);
  return true;
});
