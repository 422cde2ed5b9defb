import type { PeerAction, Verdict } from "./ports/network.ts";

/** Statuses of HTTP and numbers of JSON-RPC that an error may have: EIP-1474, geth's 3, EIP-1193's 4100, eth_simulateV1's. */
type HttpStatus = 400 | 403 | 404 | 408 | 410 | 411 | 413 | 415 | 416 | 422 | 429 | 500 | 501 | 503 | 507;
type RpcNumber = -32700 | -32600 | -32601 | -32602 | -32603 | -32000 | -32001 | -32002 | -32004 | -32005 | 3 | 4100 | SimulateNumber;
type SimulateNumber = -38011 | -38015 | -38020 | -38021 | -38026;

/** All that is known of a code. */
export type ErrorRow = {
  means: string;
  /** What the user should do. */
  remedy: string;
  /** Absent: a fault of the node, 500, which says only RPC_INTERNAL and is logged. */
  http?: HttpStatus;
  /** Absent: the operator's business, -32603, which says only RPC_INTERNAL and is logged. */
  rpc?: RpcNumber;
  /** Its message may hold paths, peers or words of libraries: clients are told what the code means instead. */
  private?: true;
  /** Seconds after which the same request may go well: HTTP's Retry-After. */
  retryAfter?: number;
  /** What is done with the peer whose frame it is about. Absent: not the peer's fault. */
  peer?: PeerAction;
};
export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** Every error that leaves a package. Made by its package's own function (defineErrors): the code is one of its table. */
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

type MakeError<Code extends string> = <C extends Code>(
  code: C,
  message: string,
  data?: Record<string, unknown>,
  cause?: unknown,
) => NoemaError<C>;

/** Codes whose rows say what is done with the peer. */
type PeerCode<T> = { [C in keyof T & string]: T[C] extends { peer: PeerAction } ? C : never }[keyof T & string];

export type Refusal = Extract<Verdict, { ok: false }>;
export type DefinedErrors<T extends ErrorTable> = {
  errors: T;
  /** The message has the offending value and the limit. */
  error: MakeError<keyof T & string>;
  /** The verdict on a frame, where nothing is thrown. */
  refusal(code: PeerCode<T>): Refusal;
};

/** A package's table, and what makes its errors: a code that is not in the table does not compile. */
export function defineErrors<const T extends ErrorTable>(errors: T): DefinedErrors<T> {
  return {
    errors,
    error: (code, message, data, cause) => new NoemaError(code, message, data, cause),
    refusal: (code) => ({ ok: false, code, action: (errors[code] as { peer: PeerAction }).peer }),
  };
}

/** An error that was made elsewhere, in another thread, process or node, and whose code came as text. */
export function remadeError(code: string, message: string, data?: Record<string, unknown>, cause?: unknown): NoemaError {
  return new NoemaError(code, message, data, cause);
}

/** The row of a code in the given tables. */
export function rowsOf(tables: readonly ErrorTable[]): (code: string) => ErrorRow | undefined {
  const rows = new Map(tables.flatMap((table) => Object.entries(table)));
  return (code) => rows.get(code);
}

export const { errors, error: coreError } = defineErrors({
  ARGUMENT_INVALID: {
    means: "an argument of a command has a value that it cannot have",
    remedy: "The message names the option and what is expected; --help lists all.",
  },
  GENESIS_INVALID: {
    means: "genesis.json does not have the required form",
    remedy: "Fix the field that the message names; `noema devnet` writes a valid file.",
  },
  HEX_INVALID: {
    means: "a hex string has a character or a length that is not allowed",
    remedy: "Give 0x followed by pairs of 0-9 a-f.",
    http: 400,
    rpc: -32602,
  },
  KEY_INVALID: {
    means: "a BLS key or signature is not a valid group element",
    remedy: "Check where the bytes come from; keys have 48 bytes, signatures 96.",
    http: 503,
    private: true,
  },
  REQUEST_FAILED: {
    means: "a peer did not answer a request, or answered with an error or too much",
    remedy: "Nothing to do: another peer is asked. Look at the reason in the message when it lasts.",
    http: 503,
    private: true,
    retryAfter: 5,
  },
  SSZ_INVALID: {
    means: "bytes from outside do not decode as the SSZ type that is expected there",
    remedy: "The sender runs another version or is faulty.",
    peer: "disconnect",
    http: 503,
    private: true,
  },
});
