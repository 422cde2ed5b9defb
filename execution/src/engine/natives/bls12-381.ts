/** What the precompiles of EIP-2537 compute, on bls/kernel.ts. Lengths, prices and the zeros before each coordinate: bls12-381-precompiles.ts. */
import { isInG1, isInG2 } from "@noema/core/crypto/subgroup";
import type { Bytes } from "@noema/core/ports/bytes";
import { type BlsPoint, blsKernel, CHUNK, type Kernel, ORDER } from "./bls/kernel.ts";
import type { Computed, Failure } from "./outcome.ts";

/** Zero bytes before each coordinate. */
export const PAD = 16;
const ELEMENT = 64;
const SCALAR_BYTES = 32;
const NOT_IN_FIELD: Computed = { failure: "BLS_12_381_FP_NOT_IN_FIELD" };

type BlsGroup = {
  second: boolean;
  /** Bytes of a point. */
  bytes: number;
  /** As the kernel's. */
  read(slot: number, data: Bytes, at: number): BlsPoint;
  /** Where bytes are not a point; undefined where they are. */
  failure: Record<BlsPoint, Failure | undefined>;
  /** Of bytes that are a finite point of the curve. */
  inSubgroup(data: Bytes, at: number): boolean;
};
export type Bls12381 = { kernel: Kernel; one: BlsGroup; two: BlsGroup };
type Curve = Bls12381;

let curve: Curve | undefined;

export function bls12381(): Curve {
  curve ??= createCurve(blsKernel());
  return curve;
}

function createCurve(kernel: Kernel): Curve {
  const failure = {
    finite: undefined,
    infinity: undefined,
    "zero y": "REVERT",
    "not on curve": "BLS_12_381_POINT_NOT_ON_CURVE",
  } as const;
  return {
    kernel,
    one: {
      second: false,
      bytes: 2 * ELEMENT,
      read: (slot, data, at) => kernel.read(false, slot, data, at),
      failure: { ...failure, "not in field": "REVERT" },
      inSubgroup: (data, at) => isInG1(coordinates(data, at, [0, 1])),
    },
    two: {
      second: true,
      bytes: 4 * ELEMENT,
      read: (slot, data, at) => kernel.read(true, slot, data, at),
      failure: { ...failure, "not in field": "BLS_12_381_FP_NOT_IN_FIELD" },
      inSubgroup: (data, at) => isInG2(coordinates(data, at, [1, 0, 3, 2])), // blst has the imaginary part first
    },
  };
}

/** Points need not be in the subgroup (EIP-2537). */
export function add({ kernel }: Curve, group: BlsGroup, data: Bytes): Computed {
  kernel.clear(group.second);
  for (const slot of [0, 1]) {
    const point = group.read(slot, data, slot * group.bytes);
    const failure = group.failure[point];
    if (failure !== undefined) return { failure };
    if (point === "finite") kernel.accumulate(group.second, slot);
  }
  return kernel.write(group.second);
}

/** sum scalar_i point_i, in chunks: what is held does not grow with the input. */
export function multiScalar({ kernel }: Curve, group: BlsGroup, data: Bytes): Computed {
  const { second } = group;
  kernel.clear(second);
  let pairs = 0;
  for (let at = 0; at < data.length; at += group.bytes + SCALAR_BYTES) {
    const point = group.read(pairs, data, at);
    const failure = group.failure[subgroup(group, point, data, at)];
    if (failure !== undefined) return { failure };
    const scalar = readScalar(data, at + group.bytes) % ORDER;
    if (point === "infinity" || scalar === 0n) continue;
    kernel.scalar(second, pairs, scalar);
    pairs++;
    if (pairs < CHUNK) continue;
    kernel.sum(second, pairs);
    pairs = 0;
  }
  if (pairs > 0) kernel.sum(second, pairs);
  return kernel.write(second);
}

export function readScalar(data: Bytes, at: number): bigint {
  const bytes = Buffer.from(data.buffer, data.byteOffset + at, SCALAR_BYTES);
  return BigInt(`0x${bytes.toString("hex")}`);
}

export function pairing({ kernel, one, two }: Curve, data: Bytes): Computed {
  const product = pairingProduct(kernel);
  for (let at = 0; at < data.length; at += one.bytes + two.bytes) {
    const slot = product.slot();
    const first = subgroup(one, one.read(slot, data, at), data, at);
    if (one.failure[first] !== undefined) return { failure: one.failure[first] };
    const second = subgroup(two, two.read(slot, data, at + one.bytes), data, at + one.bytes);
    if (two.failure[second] !== undefined) return { failure: two.failure[second] };
    if (first === "finite" && second === "finite") product.accept();
  }
  const out = new Uint8Array(32);
  out[31] = product.isOne() ? 1 : 0;
  return out;
}

export type PairingProduct = {
  /** Where the next pair goes. Once it has two finite points of the subgroups, `accept` takes it. */
  slot(): number;
  accept(): void;
  isOne(): boolean;
};

export function pairingProduct(kernel: Kernel): PairingProduct {
  let pairs = 0;
  let started = false;
  const flush = () => {
    if (!started) kernel.begin();
    started = true;
    kernel.miller(pairs);
    pairs = 0;
  };
  return {
    slot: () => pairs,
    accept() {
      pairs++;
      if (pairs === CHUNK) flush();
    },
    isOne() {
      if (!started && pairs < 2) return pairs === 0; // not degenerate: of finite points of prime order one pairing is never one
      if (pairs > 0) flush();
      return kernel.isOne() !== 0;
    },
  };
}

export function mapToG1({ kernel }: Curve, data: Bytes): Computed {
  return kernel.map(false, data) ? kernel.write(false) : NOT_IN_FIELD;
}

export function mapToG2({ kernel }: Curve, data: Bytes): Computed {
  return kernel.map(true, data) ? kernel.write(true) : NOT_IN_FIELD;
}

/** A finite point outside the subgroup counts as one that is not on the curve. */
function subgroup(group: BlsGroup, point: BlsPoint, data: Bytes, at: number): BlsPoint {
  return point === "finite" && !group.inSubgroup(data, at) ? "not on curve" : point;
}

/** Without the zeros before them, in an order. */
function coordinates(data: Bytes, at: number, order: readonly number[]): Bytes {
  const out = new Uint8Array(order.length * (ELEMENT - PAD));
  order.forEach((from, to) => {
    out.set(data.subarray(at + from * ELEMENT + PAD, at + (from + 1) * ELEMENT), to * (ELEMENT - PAD));
  });
  return out;
}
