/** That a process with a key lives behind a connection: only who holds the key can sign a fresh nonce (consensus.md 2.11). */
import { fromHex } from "@noema/core/bytes";
import { aliveBody } from "@noema/core/crypto/signed-message";
import { askOne, type PeerMethod } from "@noema/core/peer-methods";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network, Peer } from "@noema/core/ports/network";
import type { CertificateScheme, PublicKeyHex } from "@noema/core/ports/signing";
import type { AliveProof } from "../wire/own-key.ts";
import { METHODS } from "./methods.ts";

/** A process that lives answers within this, also on a machine that does much else. What was killed is not connected any more, so nobody waits for it. */
const FORWARD_MS = 10_000;

export type KeyProofs = {
  /** Throws REQUEST_FAILED, SSZ_INVALID, or that it took longer than `limitMs`. */
  question<A>(peer: Peer, method: PeerMethod<Bytes, A>, nonce: Bytes, limitMs: number): Promise<A>;
  isProof(key: PublicKeyHex, nonce: Bytes, proof: AliveProof): Promise<boolean>;
  /** undefined when the peer does not prove in time that `key` lives there. */
  proofOf(peer: Peer, key: PublicKeyHex, nonce: Bytes): Promise<AliveProof | undefined>;
};

export type KeyProofsDeps = { network: Network; clock: Clock; scheme: CertificateScheme; signal: AbortSignal };

export function createKeyProofs({ network, clock, scheme, signal }: KeyProofsDeps): KeyProofs {
  const proofs: KeyProofs = {
    async question(peer, method, nonce, limitMs) {
      const late = new AbortController();
      const cancel = clock.after(limitMs, () => late.abort(new Error("no answer in time")));
      try {
        return await askOne(network, peer.id, method, nonce, AbortSignal.any([late.signal, signal]));
      } finally {
        cancel();
      }
    },
    isProof: (key, nonce, { voting, signature }) => scheme.verifyOne(fromHex(key), "alive", aliveBody(nonce, voting === 1), signature),
    async proofOf(peer, key, nonce) {
      try {
        const proof = await proofs.question(peer, METHODS.aliveProof, nonce, FORWARD_MS);
        return (await proofs.isProof(key, nonce, proof)) ? proof : undefined;
      } catch {
        return undefined;
      }
    },
  };
  return proofs;
}
