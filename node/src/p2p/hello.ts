/**
 * Hello {version, genesisHash, specHash, instance, validator? {publicKey, expiry, signature(kind peer)}}: who speaks, on which chain. It
 * proves a key; whether that is a validator's is a question of the epoch, and not asked here.
 */
import { equalBytes, fromHex, to0x } from "@noema/core/bytes";
import { peerBody } from "@noema/core/crypto/signed-message";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { CertificateScheme, PublicKeyHex, Signer } from "@noema/core/ports/signing";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteVectorType, ContainerType, decodeSsz, OptionalType, UintNumberType } from "@noema/core/types/ssz";
import { publicKeyHex } from "@noema/core/validator-index";
import { type P2pErrorCode, p2pError } from "./errors.ts";
import { OLDEST_VERSION } from "./protocol.ts";

const LIFETIME_SECONDS = 24 * 3600; // it is checked when a connection begins
const MAX_LIFETIME_SECONDS = 30 * 24 * 3600;

/** Random, of this start of the process: two processes with one key are told apart from two connections of one process. */
export const INSTANCE_BYTES = 16;

const claimType = new ContainerType(
  { publicKey: new ByteVectorType(48), expiry: uint64, signature: new ByteVectorType(96) },
  { typeName: "ValidatorClaim" },
);
export const helloType = new ContainerType(
  {
    version: new UintNumberType(4),
    genesisHash: hash32,
    specHash: hash32,
    instance: new ByteVectorType(INSTANCE_BYTES),
    validator: new OptionalType(claimType),
  },
  { typeName: "Hello" },
);

export type HelloContext = {
  genesisHash: Hash;
  specHash: Hash;
  instance: Bytes;
  /** Absent: this node has no validator's key. */
  signer?: Signer;
  scheme: Pick<CertificateScheme, "verifyOne">;
};

/** @param version the newest that is spoken on this connection */
export async function encodeHello(context: HelloContext, version: number, peerId: Bytes, nowMs: number): Promise<Bytes> {
  const { genesisHash, specHash, instance, signer } = context;
  const expiry = Math.floor(nowMs / 1000) + LIFETIME_SECONDS;
  const validator = signer && {
    publicKey: fromHex(signer.publicKey),
    expiry,
    signature: await signer.sign("peer", peerBody(peerId, expiry)),
  };
  return helloType.serialize({ version, genesisHash, specHash, instance, validator: validator ?? null });
}

export type Checked = {
  /** Spoken from here on: the lower of the newest of both. */
  version: number;
  instance: Bytes;
  /** That `peerId` has proved to be. */
  publicKey?: PublicKeyHex;
  /** Of its clock against this machine's, in whole seconds, where it claims for as long as this version does. */
  aheadMs?: number;
};

/** @param newest as in `encodeHello`. Throws a P2P_ error. */
export async function checkHello(context: HelloContext, newest: number, frame: Bytes, peerId: Bytes, nowMs: number): Promise<Checked> {
  requireVersion(frame, newest);
  const hello = decode(frame);
  if (!equalBytes(hello.genesisHash, context.genesisHash)) throw refuse("P2P_GENESIS_MISMATCH", "another genesis hash");
  if (!equalBytes(hello.specHash, context.specHash)) throw refuse("P2P_SPEC_MISMATCH", "another spec hash");
  const { instance } = hello;
  const version = Math.min(hello.version, newest);
  if (hello.validator === null) return { version, instance };
  const { publicKey, expiry, signature } = hello.validator;
  const now = Math.floor(nowMs / 1000);
  if (expiry <= now || expiry > now + MAX_LIFETIME_SECONDS)
    throw refuse("P2P_VALIDATOR_INVALID", `the claim to ${to0x(publicKey)} expires at ${expiry}; now is ${now}`);
  if (!(await context.scheme.verifyOne(publicKey, "peer", peerBody(peerId, expiry), signature)))
    throw refuse("P2P_VALIDATOR_INVALID", `${to0x(publicKey)} did not sign this peer's id`);
  return { version, instance, publicKey: publicKeyHex(publicKey), aheadMs: (expiry - LIFETIME_SECONDS - now) * 1000 };
}

/** Before the rest, which versions below the oldest wrote in other ways. */
function requireVersion(frame: Bytes, newest: number): void {
  const version = frame.length < 4 ? undefined : Buffer.from(frame).readUInt32LE();
  if (version === undefined || version > newest + MAX_VERSIONS) throw refuse("P2P_HELLO_INVALID", "it names no version");
  if (version < OLDEST_VERSION) throw refuse("P2P_VERSION_MISMATCH", `version ${version}; ours are ${OLDEST_VERSION} to ${newest}`);
}
const MAX_VERSIONS = 1000; // beyond it the bytes are no Hello at all

function decode(frame: Bytes) {
  try {
    return decodeSsz(helloType, frame);
  } catch (error) {
    if (isNoemaError(error)) throw refuse("P2P_HELLO_INVALID", error.message);
    throw error;
  }
}

function refuse(code: P2pErrorCode, message: string): NoemaError {
  return p2pError(code, `Hello: ${message}`);
}
