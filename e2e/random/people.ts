/** Who takes part in a random chain: six with keys, one without that is impersonated, two that get the fees; and the contract that they use. */
import { to0x } from "@noema/core/bytes";
import { signedTx, testAddress } from "@noema/execution/testing/chain";

export type Hex = `0x${string}`;

export const KEYED = 6;
export const keyed: readonly Hex[] = Array.from({ length: KEYED }, (_, i) => to0x(testAddress(i)) as Hex);
/** Sends while it is impersonated. */
export const GHOST: Hex = `0x${"9057".padStart(40, "0")}`;
export const MINERS: readonly Hex[] = ["c0", "c1"].map((x): Hex => `0x${x.padStart(40, "fe")}`);

/**
 * With two words: stores the second under the first, and logs both. With one byte: reverts.
 *
 *   calldatasize 1 eq jumpi(revert); sstore(calldataload 0, calldataload 32); log1(memory of the second, the first); stop
 */
export const BOX: Hex = "0x366001146019576020355f35556020355f525f3560205fa1005b5f5ffd";
/** Deploys it: codecopy, return. */
export const BOX_INIT: Hex = `0x601d8060095f395ff3${BOX.slice(2)}`;
export const word = (value: bigint | number): string => value.toString(16).padStart(64, "0");

export type Fees = { tip: bigint; maxFee: bigint };
export type Draft = Fees & { nonce: number; to?: Hex; value: bigint; data: Hex; gas: bigint };

export function sign(person: number, { nonce, to, value, data, gas, tip, maxFee }: Draft): Hex {
  const raw = signedTx(person, {
    nonce: BigInt(nonce),
    ...(to !== undefined && { to }),
    value,
    data,
    gasLimit: gas,
    maxFeePerGas: maxFee,
    maxPriorityFeePerGas: tip,
  });
  return to0x(raw) as Hex;
}
