/** The frame of genesis.json (encoding.md 6), which all validators of a chain have byte for byte; each layer has its section's table. */
import * as v from "valibot";
import { integer, option } from "./option-table.ts";
import { MAX_VALIDATORS } from "./quorum.ts";

const hex = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `must be 0x and ${2 * bytes} lower-case hex digits`));
const section = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), "must be an object"), // a record would take a list for {"0": ...}
  v.record(v.string(), v.unknown()),
);

/**
 * v of a legacy transaction is 2 · chainId + 35 or 36 (EIP-155), and the EVM's library and wallets hold it in a double, which is
 * exact up to 2^53: above, they would refuse what others accept. (MetaMask's own limit is two lower.)
 */
export const MAX_CHAIN_ID = 4_503_599_627_370_478;

export const genesisFrame = v.strictObject({
  chainId: option("in every transaction", integer(1, MAX_CHAIN_ID)),
  timestampMs: option("of block 0, milliseconds since 1970", integer(0, Number.MAX_SAFE_INTEGER)),
  salt: option("makes the chain another one: 0x and 64 hex digits", hex(32)),
  dev: option("a chain for development", v.boolean()),
  fork: option("name of the EVM fork active at height 0, as @ethereumjs/common spells it", v.string()),
  validators: option(
    "{publicKey, weight, feeAddress, pop} of each, with its proof of possession",
    v.pipe(
      v.array(
        v.strictObject({
          publicKey: hex(48),
          weight: v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,18}$/)),
          feeAddress: hex(20),
          pop: hex(96),
        }),
      ),
      v.minLength(1),
      v.maxLength(MAX_VALIDATORS),
    ),
  ),
  consensus: section,
  execution: section,
  da: section,
  inference: section,
});
