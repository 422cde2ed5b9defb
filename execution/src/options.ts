/** The `execution` section of genesis.json (the protocol) and what each node may choose for itself. */
import { BLOCK_GAS } from "@noema/core/chain-limits";
import { choice, integer, option, parseTable } from "@noema/core/option-table";
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

/** Hex can spell one key in several ways: where two of them stand, one value would be lost. */
function hexMap<V extends v.GenericSchema>(key: v.GenericSchema<string, string>, value: V) {
  const second = (map: object) => {
    const seen = new Set<string>();
    return Object.keys(map).find((x) => seen.size === seen.add(x.toLowerCase().replace(/^0x0*/, "")).size);
  };
  return v.pipe(
    v.record(key, value),
    v.check(
      (map) => second(map) === undefined,
      ({ input }) => `${second(input)} stands twice, in two spellings`,
    ),
  );
}

export const executionGenesis = v.strictObject({
  gasLimit: option("gas of a block: at least what consensus lets into one", v.optional(quantity(2n ** 40n), String(BLOCK_GAS))),
  baseFeePerGas: option("of genesis; then EIP-1559", v.optional(quantity(2n ** 128n), "1000000000")),
  /** Every validator's alike: whoever had let go of more could not follow what the others still know. */
  history: option("heights whose state is kept below the newest; 0 keeps all", v.optional(integer(0, Number.MAX_SAFE_INTEGER), 128)),
  mining: option(
    "of a development chain: which heights have a block, until it is told otherwise",
    v.optional(choice(["every", "auto", "none"])),
    { none: "every, or auto where one validator makes blocks as things arrive" },
  ),
  extraData: option("of block 0", v.optional(hex("([0-9a-fA-F]{2}){0,32}", "up to 32 bytes in hex"), "0x")),
  alloc: option(
    "accounts of block 0: address to {balance, nonce, code, storage}",
    v.optional(
      hexMap(
        hex("[0-9a-fA-F]{40}", "40 hex digits"),
        v.strictObject({
          balance: v.optional(quantity(U256), "0"),
          nonce: v.optional(quantity(U64 - 1n), "0"),
          code: v.optional(hex("([0-9a-fA-F]{2})*", "pairs of hex digits"), "0x"),
          storage: v.optional(hexMap(word, word), {}),
        }),
      ),
      {},
    ),
    { none: "none" },
  ),
});
export type ExecutionGenesis = v.InferOutput<typeof executionGenesis>;

/** Throws EXEC_OPTIONS_INVALID. */
export function parseExecutionGenesis(section: unknown): ExecutionGenesis {
  return parseTable(executionGenesis, section, (fault) => execError("EXEC_OPTIONS_INVALID", `genesis.json: execution.${fault}`));
}

export const executionOptions = v.strictObject({
  callGasCap: option(
    "most gas of a call that names none, and of any call: 50 million are some seconds of the reference engine",
    v.optional(
      v.pipe(
        integer(21_000, 2 ** 40),
        v.transform((gas) => BigInt(gas)),
      ),
      50_000_000,
    ),
    { value: "gas" },
  ),
  shadow: option(
    "run each block a second time, by the library's way alone, and stop where the two disagree: for finding faults, at several times the cost",
    v.optional(v.boolean(), false),
  ),
  traceBytes: option(
    "characters of JSON that a trace answers, at most: who asks waits for them on the thread that votes",
    v.optional(integer(2 ** 16, 2 ** 29), 32 * 1024 * 1024),
    { value: "n" },
  ),
  trieNodes: option("nodes of the state's trie held in memory, 300,000 are about 100 MB", v.optional(integer(1000, 2 ** 30), 300_000)),
});
export type ExecutionOptions = v.InferOutput<typeof executionOptions>;

/** Local policy, no rule of the chain (execution.md 7). */
export const poolOptions = v.strictObject({
  maxTransactions: option("transactions that wait, at most", v.optional(integer(1, 10_000_000), 50_000)),
  maxBytes: option("their bytes", v.optional(integer(2 ** 20, 2 ** 40), 64 * 1024 * 1024)),
  maxPerSender: option("of one sender, at most", v.optional(integer(1, 10_000_000), 4096)),
});

export const defaultExecutionOptions: ExecutionOptions = v.parse(executionOptions, {});
