/** Ethereum's precompiles as EIP-7910 calls them, by address, each with the EIP that brought it after Berlin. */
import type { Fork } from "./forks.ts";

const NAMES: readonly (readonly [address: number, name: string, eip?: number])[] = [
  [0x01, "ECREC"],
  [0x02, "SHA256"],
  [0x03, "RIPEMD160"],
  [0x04, "ID"],
  [0x05, "MODEXP"],
  [0x06, "BN254_ADD"],
  [0x07, "BN254_MUL"],
  [0x08, "BN254_PAIRING"],
  [0x09, "BLAKE2F"],
  [0x0a, "KZG_POINT_EVALUATION", 4844],
  [0x0b, "BLS12_G1ADD", 2537],
  [0x0c, "BLS12_G1MSM", 2537],
  [0x0d, "BLS12_G2ADD", 2537],
  [0x0e, "BLS12_G2MSM", 2537],
  [0x0f, "BLS12_PAIRING_CHECK", 2537],
  [0x10, "BLS12_MAP_FP_TO_G1", 2537],
  [0x11, "BLS12_MAP_FP2_TO_G2", 2537],
  [0x100, "P256VERIFY", 7951],
];

/** Of the fork. */
export function precompileNames({ eips }: Fork): readonly (readonly [name: string, address: number])[] {
  return NAMES.filter(([, , eip]) => eip === undefined || eips.has(eip)).map(([address, name]) => [name, address]);
}
