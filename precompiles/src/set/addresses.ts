/** 0x0a00 to 0x0a0f are the protocol's precompiles (encoding.md 11). Those without a function here are not in the set yet. */
import { bigIntToBytes } from "@noema/core/bytes";

const address = (value: bigint) => bigIntToBytes(value, 20);

export const MODEL_INFO_ADDRESS = address(0x0a00n);
export const INFER_ADDRESS = address(0x0a01n);
