/** What others ask about keys (consensus.md 2.11): whether the own one lives here, and whether the asker's lives elsewhere. */
import { createBoundedMap } from "@noema/core/bounded";
import { aliveBody } from "@noema/core/crypto/signed-message";
import { coreError, type NoemaError } from "@noema/core/errors";
import { servePeers } from "@noema/core/peer-methods";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Network, Peer } from "@noema/core/ports/network";
import type { PublicKeyHex, Signer } from "@noema/core/ports/signing";
import { MAX_VALIDATORS } from "@noema/core/quorum";
import type { Vote } from "../types.ts";
import { toVote } from "../wire/vote.ts";
import type { KeyProofs } from "./key-proofs.ts";
import { METHODS } from "./methods.ts";

const SAID_EVERY_MS = 60_000;
/** Members of two sets that share nobody. */
const REMEMBERED = 2 * MAX_VALIDATORS;

export type OwnKeyAnswersDeps = {
  network: Network;
  clock: Clock;
  logger: Logger;
  signer: Signer;
  proofs: KeyProofs;
  mayAsk(key: PublicKeyHex): boolean;
  isOwnQuestion(nonce: Bytes): boolean;
  voting(): boolean;
  newest(validator: PublicKeyHex): Vote[];
  /** For people. */
  nameOf(key: PublicKeyHex): number | PublicKeyHex;
};

export function answerOwnKey(deps: OwnKeyAnswersDeps): void {
  const { network, clock, logger, signer, proofs } = deps;
  const saidAt = createBoundedMap<PublicKeyHex, number>(REMEMBERED);

  servePeers(deps, METHODS.aliveProof, async function* (from, nonce) {
    requireValidator(from);
    if (deps.isOwnQuestion(nonce)) throw failed("an own question"); // a peer that sends it back must not make this process its own twin
    const voting = deps.voting();
    yield { voting: voting ? 1 : 0, signature: await signer.sign("alive", aliveBody(nonce, voting)) };
  });
  servePeers(deps, METHODS.ownKey, async function* (from, nonce) {
    const validator = requireValidator(from);
    const others = network.peers().filter((x) => x.publicKey === validator && (x.id !== from.id || x.instance !== from.instance));
    const found = (await Promise.all(others.map((x) => proofs.proofOf(x, validator, nonce)))).filter((x) => x !== undefined);
    if (found.length > 0) sayTwo(validator, from);
    else if (others.length > 0) throw failed("another process has proved this key, and does not answer"); // asked again until it does or is gone
    found.sort((a, b) => b.voting - a.voting);
    yield { votes: deps.newest(validator).map(toVote), proofs: found.slice(0, 1) };
  });

  function requireValidator({ publicKey }: Peer): PublicKeyHex {
    if (publicKey === undefined || !deps.mayAsk(publicKey)) throw failed("for validators");
    return publicKey;
  }

  function sayTwo(validator: PublicKeyHex, { id }: Peer): void {
    const now = clock.nowMs();
    if (now - (saidAt.get(validator) ?? Number.NEGATIVE_INFINITY) < SAID_EVERY_MS) return;
    saidAt.set(validator, now);
    logger.log("warn", "two processes run with one key", { validator: deps.nameOf(validator), asking: id });
  }
}

function failed(reason: string): NoemaError {
  return coreError("REQUEST_FAILED", reason);
}
