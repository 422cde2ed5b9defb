/**
 * genesis.json (encoding.md 6): {chainId, timestampMs, salt, dev, fork, validators[], consensus{}, execution{}, da{}, inference{}}.
 * Core knows the frame only; each layer owns and validates its section. genesisHash = sha256 of its canonical JSON
 * (RFC 8785), and every signing domain commits to it.
 */
import canonicalize from "canonicalize";
import * as v from "valibot";
import { fromHex, utf8, ZERO_HASH } from "./bytes.ts";
import { checkPublicKey, verify } from "./crypto/bls.ts";
import { possessionBody, signedMessage } from "./crypto/signed-message.ts";
import { coreError } from "./errors.ts";
import { sha256 } from "./hash.ts";
import type { Hash } from "./ports/bytes.ts";
import type { ValidatorSet } from "./ports/signing.ts";
import { createValidatorSet, MAX_VALIDATORS } from "./quorum.ts";

const hex = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `must be 0x and ${2 * bytes} lower-case hex digits`));
const section = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), "must be an object"), // a record would take a list for {"0": ...}
  v.record(v.string(), v.unknown()),
);
const integer = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * v of a legacy transaction is 2 · chainId + 35 or 36 (EIP-155), and the EVM's library and wallets hold it in a double, which is
 * exact up to 2^53: above, they would refuse what others accept. (MetaMask's own limit is two lower.)
 */
export const MAX_CHAIN_ID = 4_503_599_627_370_478;

const genesisSchema = v.strictObject({
  chainId: v.pipe(integer, v.minValue(1), v.maxValue(MAX_CHAIN_ID, `must be at most ${MAX_CHAIN_ID}`)),
  timestampMs: integer,
  salt: hex(32),
  dev: v.boolean(),
  /** Name of the EVM fork active at height 0, as @ethereumjs/common spells it. */
  fork: v.string(),
  validators: v.pipe(
    v.array(
      v.strictObject({ publicKey: hex(48), weight: v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,18}$/)), feeAddress: hex(20), pop: hex(96) }),
    ),
    v.minLength(1),
    v.maxLength(MAX_VALIDATORS),
  ),
  consensus: section,
  execution: section,
  da: section,
  inference: section,
});

export type Genesis = v.InferOutput<typeof genesisSchema>;

/** Checks the frame, every key and every proof of possession; throws GENESIS_INVALID. */
export function parseGenesis(json: unknown): Genesis {
  const result = v.safeParse(genesisSchema, json);
  if (!result.success) {
    const issue = result.issues[0];
    throw coreError("GENESIS_INVALID", `genesis.json: ${v.getDotPath(issue) ?? ""}: ${issue.message}`);
  }
  const genesis = result.output;
  const seen = new Set<string>();
  for (const [i, validator] of genesis.validators.entries()) {
    const key = fromHex(validator.publicKey);
    try {
      checkPublicKey(key);
    } catch (error) {
      throw coreError("GENESIS_INVALID", `genesis.json: validators.${i}.publicKey is no BLS key`, {}, error);
    }
    if (seen.has(validator.publicKey)) throw coreError("GENESIS_INVALID", `genesis.json: validators.${i}: the key stands twice`);
    seen.add(validator.publicKey);
    const message = signedMessage("pop", ZERO_HASH, possessionBody(key, fromHex(validator.feeAddress)));
    if (!verify(key, message, fromHex(validator.pop)))
      throw coreError("GENESIS_INVALID", `genesis.json: validators.${i}.pop: the proof of possession does not verify`);
  }
  return genesis;
}

export function genesisHash(genesis: Genesis): Hash {
  return sha256(utf8(canonicalize(genesis) as string));
}

/** Hash of spec.json, the schedule of later forks; an empty schedule while there is no such file. */
export function specHash(spec: Record<string, unknown> = {}): Hash {
  return sha256(utf8(canonicalize(spec) as string));
}

export function genesisValidatorSet(genesis: Genesis, epoch = 0): ValidatorSet {
  return createValidatorSet(
    epoch,
    genesis.validators.map((x) => ({ publicKey: fromHex(x.publicKey), weight: BigInt(x.weight), feeAddress: fromHex(x.feeAddress) })),
  );
}
