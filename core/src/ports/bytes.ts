/** The words every port speaks. Integers agreed on by validators are at most 2^53 - 1 when typed `number`. */
export type Bytes = Uint8Array;
/** 32 bytes. */
export type Hash = Bytes;
export type Height = number;
