/** The words every port speaks. Integers agreed on by validators are at most 2^53 - 1 when typed `number`. */
export type Bytes = Uint8Array;
/** 32 bytes. */
export type Hash = Bytes;
/** Of a consensus block. Heights never fall. */
export type Height = number;
declare const numbered: unique symbol;
/** Of an EVM block: NUMBER, eth_blockNumber, block hashes. Not a height: a consensus block carries one EVM block, several or none. */
export type BlockNumber = number & { readonly [numbered]: true };
