/** Of a code that is set or loaded: with what names it, it fits into an operation (system/operation.ts). EIP-170 bounds those of transactions. */
export const MAX_CODE_BYTES = 126_700;
