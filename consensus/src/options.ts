/** Section `consensus` of genesis.json (consensus.md 2.10). Times in milliseconds, sizes in bytes. */
import { BLOCK_BLOB_BYTES, BLOCK_GAS, BLOCK_PAYLOAD_BYTES, INCLUSION_WINDOW } from "@noema/core/chain-limits";
import { integer, option, parseTable } from "@noema/core/option-table";
import * as v from "valibot";
import { consensusError } from "./errors.ts";

const positive = integer(1, Number.MAX_SAFE_INTEGER);

export const consensusGenesis = v.strictObject({
  deltaMs: option("Δ, the assumed bound of one network delay", v.optional(positive, 150)),
  intervalMs: option("between a block's timestamp and its parent's while there is payload", v.optional(positive, 400)),
  idleIntervalMs: option("the same while there is none", v.optional(positive), { none: "intervalMs" }),
  epochLength: option("E, heights of an epoch", v.optional(positive, 4096)),
  execLag: option("D: a header of height h carries a result of at most h - D", v.optional(positive, 3)),
  inclusionWindow: option(
    "K: a certificate can be included up to this many heights after its refHeight",
    v.optional(positive, INCLUSION_WINDOW),
  ),
  maxPayloadBytes: option("of the batches that a block orders", v.optional(positive, BLOCK_PAYLOAD_BYTES)),
  maxBlobBytes: option("of the blobs, encoded, that a block orders", v.optional(positive, BLOCK_BLOB_BYTES)),
  maxGas: option("of the batches that a block orders", v.optional(positive, BLOCK_GAS)),
  instant: option("only with one validator: a block is made the moment payload arrives, and no empty ones", v.optional(v.boolean(), false)),
});

export type ConsensusOptions = Required<v.InferOutput<typeof consensusGenesis>> & {
  /** Of genesis: certificates of operations may stand in blocks. */
  dev: boolean;
};

/** Validates the genesis section and fills in defaults; throws CONSENSUS_OPTIONS_INVALID. */
export function createConsensusOptions(section: Record<string, unknown>, o: { dev?: boolean } = {}): ConsensusOptions {
  const { idleIntervalMs, ...rest } = parseTable(consensusGenesis, section, (fault) =>
    consensusError("CONSENSUS_OPTIONS_INVALID", `genesis.json: consensus.${fault}`),
  );
  return { ...rest, idleIntervalMs: idleIntervalMs ?? rest.intervalMs, dev: o.dev ?? false };
}
