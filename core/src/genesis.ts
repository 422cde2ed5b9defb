/**
 * genesis.json (encoding.md 6): {chainId, timestampMs, salt, dev, fork, validators[], consensus{}, execution{}, da{}, inference{}}.
 * Core knows the frame only; each layer owns and validates its section. genesisHash = sha256 of its canonical JSON
 * (RFC 8785), and every signing domain commits to it.
 */
import canonicalize from "canonicalize";
import type * as v from "valibot";
import { fromHex, utf8, ZERO_HASH } from "./bytes.ts";
import { checkPublicKey, verify } from "./crypto/bls.ts";
import { possessionBody, signedMessage } from "./crypto/signed-message.ts";
import { coreError } from "./errors.ts";
import { sha256 } from "./hash.ts";
import { parseTable } from "./option-table.ts";
import { genesisFrame } from "./options.ts";
import type { Hash } from "./ports/bytes.ts";
import type { ValidatorSet } from "./ports/signing.ts";
import { createValidatorSet } from "./validator-set.ts";

export type Genesis = v.InferOutput<typeof genesisFrame>;

/** Checks the frame, every key and every proof of possession; throws GENESIS_INVALID. */
export function parseGenesis(json: unknown): Genesis {
  const genesis = parseTable(genesisFrame, json, (fault) => coreError("GENESIS_INVALID", `genesis.json: ${fault}`));
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
