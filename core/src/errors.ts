/** What an error code means and what the user should do; one table a package, all of them generated into docs/errors.md. */
export type ErrorTable = Record<string, { means: string; remedy: string }>;

/** Every error that leaves a package: a code from its table, a message with the offending value and the limit, and the data. */
export class NoemaError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly data: Record<string, unknown>;
  constructor(code: Code, message: string, data: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NoemaError";
    this.code = code;
    this.data = data;
  }
}

/** Narrows by code when given. A structured clone is no NoemaError any more: whoever sends one between threads sends code, message and data. */
export function isNoemaError(error: unknown, code?: string): error is NoemaError {
  return error instanceof NoemaError && (code === undefined || error.code === code);
}

export const errors = {
  ARGUMENT_INVALID: {
    means: "an argument of a command has a value that it cannot have",
    remedy: "The message names the option and what is expected; --help lists all.",
  },
  GENESIS_INVALID: {
    means: "genesis.json does not have the required form",
    remedy: "Fix the field that the message names; `noema devnet` writes a valid file.",
  },
  HEX_INVALID: { means: "a hex string has a character or a length that is not allowed", remedy: "Give 0x followed by pairs of 0-9 a-f." },
  KEY_INVALID: {
    means: "a BLS key or signature is not a valid group element",
    remedy: "Check where the bytes come from; keys have 48 bytes, signatures 96.",
  },
  REQUEST_FAILED: {
    means: "a peer did not answer a request, or answered with an error or too much",
    remedy: "Nothing to do: another peer is asked. Look at the reason in the message when it lasts.",
  },
  SSZ_INVALID: {
    means: "bytes from outside do not decode as the SSZ type that is expected there",
    remedy: "The sender runs another version or is faulty.",
  },
} as const satisfies ErrorTable;
