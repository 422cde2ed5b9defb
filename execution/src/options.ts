/** The `execution` section of genesis.json (the protocol) and what each node may choose for itself. */
import * as v from "valibot";
import { execError } from "./errors.ts";

const quantity = (max: bigint) =>
  v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(0))]),
    v.check(
      (x) => typeof x === "number" || /^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/.test(x),
      "must be a number, decimal digits or 0x and hex digits",
    ),
    v.transform((x) => BigInt(x)),
    v.check((x) => x <= max, `must be at most ${max}`),
  );
const hex = (pattern: string, what: string) => v.pipe(v.string(), v.regex(new RegExp(`^0x${pattern}$`), `must be 0x and ${what}`));
const word = hex("[0-9a-fA-F]{1,64}", "1 to 64 hex digits");

const U64 = 2n ** 64n - 1n;
const U256 = 2n ** 256n - 1n;

const executionGenesisSchema = v.strictObject({
  /** Gas of a block: at least what consensus lets into one. The default: docs/protocol/worst-block.md. */
  gasLimit: v.optional(quantity(2n ** 40n), "30000000"),
  /** Of genesis; then EIP-1559. */
  baseFeePerGas: v.optional(quantity(2n ** 128n), "1000000000"),
  /**
   * Heights whose state is kept below the newest; 0 keeps all. Every validator's alike: whoever had let go of more could not
   * follow what the others still know.
   */
  history: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 128),
  extraData: v.optional(hex("([0-9a-fA-F]{2}){0,32}", "up to 32 bytes in hex"), "0x"),
  alloc: v.optional(
    v.record(
      hex("[0-9a-fA-F]{40}", "40 hex digits"),
      v.strictObject({
        balance: v.optional(quantity(U256), "0"),
        nonce: v.optional(quantity(U64 - 1n), "0"),
        code: v.optional(hex("([0-9a-fA-F]{2})*", "pairs of hex digits"), "0x"),
        storage: v.optional(v.record(word, word), {}),
      }),
    ),
    {},
  ),
});
export type ExecutionGenesis = v.InferOutput<typeof executionGenesisSchema>;

/** Throws EXEC_OPTIONS_INVALID. */
export function parseExecutionGenesis(section: unknown): ExecutionGenesis {
  const result = v.safeParse(executionGenesisSchema, section);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw execError("EXEC_OPTIONS_INVALID", `genesis.json: execution.${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

export type ExecutionOptions = {
  /** Most gas of a call that names none, and of any call. Default 50 million: some seconds of the reference engine. */
  callGasCap: bigint;
  /** Nodes of the trie held in memory. Default 300,000, about 100 MB. */
  trieNodes: number;
  /** Heights back for which `result` answers. Default 1,024. */
  resultWindow: number;
};

export const defaultExecutionOptions: ExecutionOptions = { callGasCap: 50_000_000n, trieNodes: 300_000, resultWindow: 1024 };
