/** What validators sign (encoding.md 2): sha256(domain || body), domain = sha256("noema/1/<kind>" || genesisHash). */
import { concatBytes, u64le, utf8 } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import type { Bytes, Hash } from "../ports/bytes.ts";
import type { SignedKind } from "../ports/signing.ts";

export function signingDomain(kind: SignedKind, genesisHash: Hash): Hash {
  return sha256(utf8(`noema/1/${kind}`), genesisHash);
}

export function signedMessage(kind: SignedKind, genesisHash: Hash, body: Bytes): Hash {
  return sha256(signingDomain(kind, genesisHash), body);
}

/** Body of notarize, finalize (with the block's hash) and nullify (without). */
export function voteBody(epoch: number, view: number, hash?: Hash): Bytes {
  return hash === undefined ? concatBytes(u64le(epoch), u64le(view)) : concatBytes(u64le(epoch), u64le(view), hash);
}

/** Body of randao. */
export function randaoBody(epoch: number, view: number): Bytes {
  return concatBytes(u64le(epoch), u64le(view));
}

/** Body of batch, blob, seal, system (hashTreeRoot of the AvailabilityHeader) and of model-active, oracle (an id). */
export function idBody(epoch: number, id: Hash): Bytes {
  return concatBytes(u64le(epoch), id);
}

/** Body of pop. In genesis.json the domain's genesisHash is 32 zero bytes. */
export function possessionBody(publicKey: Bytes, depositor: Bytes): Bytes {
  return concatBytes(publicKey, depositor);
}

/** Body of alive: the holder of the key lives now, and whether it votes already. 32 random bytes of who asks. */
export function aliveBody(nonce: Bytes, voting: boolean): Bytes {
  return concatBytes(nonce, Uint8Array.of(voting ? 1 : 0));
}

/** Body of peer: binds a validator's key to a peer id until `expirySeconds` (unix time). */
export function peerBody(peerId: Bytes, expirySeconds: number): Bytes {
  return concatBytes(peerId, u64le(expirySeconds));
}
