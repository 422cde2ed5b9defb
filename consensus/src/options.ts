import * as v from "valibot";
import { consensusError } from "./errors.ts";

const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/**
 * Section `consensus` of genesis.json: every validator has the same (consensus.md 2.10). Times in milliseconds, sizes in bytes.
 * All fields are optional; an unknown one is an error.
 */
const consensusSectionSchema = v.strictObject({
  /** Δ, the assumed bound of one network delay. */
  deltaMs: v.optional(positive, 150),
  /** Time between a block's timestamp and its parent's while there is payload. */
  intervalMs: v.optional(positive, 400),
  /** The same while there is none. Default: intervalMs. */
  idleIntervalMs: v.optional(positive),
  /** E, heights of an epoch. */
  epochLength: v.optional(positive, 4096),
  /** D: a header of height h carries a result of at most h − D. */
  execLag: v.optional(positive, 3),
  /** K: a certificate can be included up to this many heights after its refHeight. */
  inclusionWindow: v.optional(positive, 1024),
  maxPayloadBytes: v.optional(positive, 4 * 1024 * 1024),
  maxBlobBytes: v.optional(positive, 128 * 1024 * 1024),
  maxGas: v.optional(positive, 30_000_000),
});

export type ConsensusSection = Required<v.InferOutput<typeof consensusSectionSchema>>;

export type ConsensusOptions = ConsensusSection & {
  /** Only with one validator: a block is made the moment payload arrives, and no empty ones. */
  instant: boolean;
  /** Events that may wait for the engine; frames beyond are dropped and counted. */
  maxQueue: number;
};

/** Validates the genesis section and fills in defaults; throws CONSENSUS_OPTIONS_INVALID. */
export function createConsensusOptions(
  section: Record<string, unknown>,
  o: { instant?: boolean; maxQueue?: number } = {},
): ConsensusOptions {
  const result = v.safeParse(consensusSectionSchema, section);
  if (!result.success) {
    const issue = result.issues[0];
    throw consensusError("CONSENSUS_OPTIONS_INVALID", `consensus.${v.getDotPath(issue) ?? ""}: ${issue.message}`);
  }
  const { idleIntervalMs, ...rest } = result.output;
  return {
    ...rest,
    idleIntervalMs: idleIntervalMs ?? rest.intervalMs,
    instant: o.instant ?? false,
    maxQueue: o.maxQueue ?? 4096, // 200 validators, a few messages each for 7 views
  };
}
