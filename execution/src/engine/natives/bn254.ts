/** The alt_bn128 precompiles (0x06 to 0x08; EIP-196, EIP-197) at the prices of EIP-1108, on mcl. */
import type { ExecResult } from "@ethereumjs/evm";
import type { Bytes } from "@noema/core/ports/bytes";
import { subgroupTest } from "./bn254-subgroup.ts";
import { bn254Curve, lazy, type Mcl } from "./mcl.ts";
import { type Computed, FAILURE, fails, type Native, outcome } from "./outcome.ts";
import { pairingProduct } from "./pairing.ts";
import { type Group, groupOne, groupTwo } from "./points.ts";

const ADD_GAS = 150n;
const MULTIPLY_GAS = 6_000n;
const PAIRING_GAS = 45_000n;
const PAIR_GAS = 34_000n;
const PAIR_BYTES = 192;
const REVERT = { failure: FAILURE.REVERT };

type Curve = { mcl: Mcl; one: Group; two: Group; inSubgroup(point: number): boolean };

export const bn254Add: Native = (input) => run(ADD_GAS, input, (curve) => add(curve, input.data));
export const bn254Multiply: Native = (input) => run(MULTIPLY_GAS, input, (curve) => multiply(curve, input.data));
export const bn254Pairing: Native = (input) => {
  const { data, gasLimit } = input;
  if (data.length % PAIR_BYTES !== 0) return fails(gasLimit, FAILURE.INVALID_INPUT_LENGTH);
  return run(PAIRING_GAS + BigInt(data.length / PAIR_BYTES) * PAIR_GAS, input, (curve) => pairing(curve, data));
};

/** The imaginary part comes first. */
const curve = lazy(() =>
  bn254Curve((mcl): Curve => ({ mcl, one: groupOne(mcl, 0), two: groupTwo(mcl, 0, [1, 0, 3, 2]), inSubgroup: subgroupTest(mcl) })),
);

function run(gas: bigint, { gasLimit }: { gasLimit: bigint }, compute: (curve: Curve) => Computed): ExecResult | Promise<ExecResult> {
  if (gasLimit < gas) return fails(gasLimit, FAILURE.OUT_OF_GAS);
  return curve((loaded) => outcome(gas, gasLimit, compute(loaded)));
}

/** Short input is filled with zeros. */
function filled(data: Bytes, length: number): Bytes {
  if (data.length >= length) return data;
  const out = new Uint8Array(length);
  out.set(data);
  return out;
}

function add({ mcl, one }: Curve, input: Bytes): Computed {
  const data = filled(input, 128);
  const [a, b] = mcl.scratch;
  if (bad(one.read(a, data, 0)) || bad(one.read(b, data, 64))) return REVERT;
  one.add(a, a, b);
  return one.write(a);
}

function multiply({ mcl, one }: Curve, input: Bytes): Computed {
  const data = filled(input, 96);
  const [point, scalar] = mcl.scratch;
  if (bad(one.read(point, data, 0))) return REVERT;
  mcl.readFr(scalar, data, 64);
  mcl._mclBnG1_mul(point, point, scalar);
  return one.write(point);
}

function pairing({ mcl, one, two, inSubgroup }: Curve, data: Bytes): Computed {
  const product = pairingProduct(mcl);
  for (let at = 0; at < data.length; at += PAIR_BYTES) {
    const to = product.next();
    const first = one.read(to.one, data, at);
    if (bad(first)) return REVERT;
    const second = two.read(to.two, data, at + 64);
    if (second === "not in field") return { failure: FAILURE.BN254_FP_NOT_IN_FIELD };
    if (second === "not on curve" || (second === "finite" && !inSubgroup(to.two))) return REVERT;
    if (first === "finite" && second === "finite") product.accept();
  }
  const out = new Uint8Array(32);
  out[31] = product.isOne() ? 1 : 0;
  return out;
}

function bad(point: string): boolean {
  return point !== "finite" && point !== "infinity";
}
