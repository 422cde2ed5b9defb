/**
 * The frozen encodings of core, from fixed keys: core/fixtures/*.json. A changed encoding is a new version, so files that
 * exist are never written again; `noema tool golden` writes the missing ones.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { to0x, utf8, ZERO_HASH } from "../bytes.ts";
import { publicKeyOf, secretKeyFromSeed, sign } from "../crypto/bls.ts";
import { createCertificateScheme } from "../crypto/certificate-scheme.ts";
import {
  aliveBody,
  idBody,
  peerBody,
  possessionBody,
  randaoBody,
  signedMessage,
  signingDomain,
  voteBody,
} from "../crypto/signed-message.ts";
import { type Genesis, genesisHash, genesisValidatorSet, specHash } from "../genesis.ts";
import { sha256 } from "../hash.ts";
import type { Bytes } from "../ports/bytes.ts";
import type { AvailabilityCert, AvailabilityHeader } from "../ports/data.ts";
import type { SignedKind } from "../ports/signing.ts";
import {
  availabilityBody,
  availabilityCertType,
  availabilityHeaderHash,
  availabilityHeaderType,
  certificateType,
  toSszCert,
} from "../types/availability.ts";

export const GOLDEN_FILES = ["signing", "certificate", "availability", "genesis"] as const;
export type GoldenFile = (typeof GOLDEN_FILES)[number];

const label = (text: string): Bytes => sha256(utf8(`noema golden ${text}`));
const secretKeys = [0, 1, 2, 3].map((i) => secretKeyFromSeed(label(`validator ${i}`)));
const GENESIS_HASH = label("genesis");
const EPOCH = 7;
const VIEW = 2 ** 33 + 5;

function feeAddress(i: number): Bytes {
  return label(`fee address ${i}`).subarray(0, 20);
}

/** A genesis of four validators with valid proofs of possession; weights 1 to 4. */
export function sampleGenesis(): Genesis {
  return {
    chainId: 1337,
    timestampMs: 1_700_000_000_000,
    salt: to0x(label("salt")),
    dev: true,
    fork: "osaka",
    validators: secretKeys.map((secretKey, i) => {
      const publicKey = publicKeyOf(secretKey);
      const pop = sign(secretKey, signedMessage("pop", ZERO_HASH, possessionBody(publicKey, feeAddress(i))));
      return { publicKey: to0x(publicKey), weight: String(i + 1), feeAddress: to0x(feeAddress(i)), pop: to0x(pop) };
    }),
    consensus: { epochLength: 512 },
    execution: { gasLimit: "0x1c9c380", alloc: {} },
    da: {},
    inference: { models: [["digits.nmodel", to0x(label("model"))]] },
  };
}

/** The secret keys in the order of the validator set. */
export function sampleSigners(): Bytes[] {
  return [...secretKeys].sort((a, b) => Buffer.compare(publicKeyOf(a), publicKeyOf(b)));
}

const bodies: Record<SignedKind, Bytes> = {
  notarize: voteBody(EPOCH, VIEW, label("block")),
  nullify: voteBody(EPOCH, VIEW),
  finalize: voteBody(EPOCH, VIEW, label("block")),
  randao: randaoBody(EPOCH, VIEW),
  batch: idBody(EPOCH, label("header")),
  blob: idBody(EPOCH, label("header")),
  seal: idBody(EPOCH, label("header")),
  system: idBody(EPOCH, label("header")),
  pop: possessionBody(publicKeyOf(secretKeys[0] as Bytes), feeAddress(0)),
  peer: peerBody(utf8("peer id"), 1_800_000_000),
  "model-active": idBody(EPOCH, label("model")),
  oracle: idBody(EPOCH, label("request")),
  alive: aliveBody(label("nonce"), true),
};

function signing() {
  return {
    genesisHash: to0x(GENESIS_HASH),
    secretKey: to0x(secretKeys[0] as Bytes),
    publicKey: to0x(publicKeyOf(secretKeys[0] as Bytes)),
    kinds: Object.entries(bodies).map(([kind, body]) => {
      const message = signedMessage(kind as SignedKind, GENESIS_HASH, body);
      const domain = signingDomain(kind as SignedKind, GENESIS_HASH);
      const signature = sign(secretKeys[0] as Bytes, message);
      return { kind, domain: to0x(domain), body: to0x(body), message: to0x(message), signature: to0x(signature) };
    }),
  };
}

async function certificate() {
  const set = genesisValidatorSet(sampleGenesis(), EPOCH);
  const signers = set.members.flatMap(({ weight }, i) => (weight > 1n ? [i] : []));
  const message = signedMessage("notarize", GENESIS_HASH, bodies.notarize);
  const votes = new Map(signers.map((i) => [i, sign(sampleSigners()[i] as Bytes, message)]));
  const outcome = await createCertificateScheme(GENESIS_HASH).aggregate(set, "notarize", bodies.notarize, votes);
  if (outcome.certificate === undefined) throw new Error("three of four are a quorum");
  return {
    members: set.members.map((m) => ({ publicKey: to0x(m.publicKey), weight: String(m.weight), feeAddress: to0x(m.feeAddress) })),
    validatorSetHash: to0x(set.hash),
    genesisHash: to0x(GENESIS_HASH),
    kind: "notarize",
    body: to0x(bodies.notarize),
    message: to0x(message),
    signers,
    bitmap: to0x(outcome.certificate.bitmap),
    signature: to0x(outcome.certificate.signature),
    ssz: to0x(certificateType.serialize(outcome.certificate)),
  };
}

function availability() {
  const header: AvailabilityHeader = {
    epoch: EPOCH,
    publisher: 3,
    seq: 2 ** 40 + 1,
    refHeight: 123_456,
    bytes: 126_976,
    gasLimitSum: 2n ** 60n + 1n,
    expiry: 0,
    id: label("batch"),
  };
  const certificate = { bitmap: Uint8Array.of(0b1011), signature: sign(secretKeys[0] as Bytes, label("batch")) };
  return {
    header: { ...header, gasLimitSum: String(header.gasLimitSum), id: to0x(header.id) },
    headerSsz: to0x(availabilityHeaderType.serialize(header)),
    headerRoot: to0x(availabilityHeaderHash(header)),
    signedBody: to0x(availabilityBody(header)),
    certificates: (["batch", "blob", "seal", "system"] as const).map((kind) => {
      const cert: AvailabilityCert = { kind, header, certificate };
      return {
        kind,
        ssz: to0x(availabilityCertType.serialize(toSszCert(cert))),
        root: to0x(availabilityCertType.hashTreeRoot(toSszCert(cert))),
      };
    }),
  };
}

function genesis() {
  const sample = sampleGenesis();
  return {
    genesis: sample,
    genesisHash: to0x(genesisHash(sample)),
    emptySpecHash: to0x(specHash()),
    validatorSetHash: to0x(genesisValidatorSet(sample).hash),
  };
}

export async function computeGolden(name: GoldenFile): Promise<unknown> {
  return { signing, certificate, availability, genesis }[name]();
}

export function goldenPath(name: GoldenFile): string {
  return fileURLToPath(new URL(`../../fixtures/${name}.json`, import.meta.url));
}

export function readGolden(name: GoldenFile): unknown {
  return JSON.parse(readFileSync(goldenPath(name), "utf8"));
}

export async function writeMissingGolden(): Promise<void> {
  for (const name of GOLDEN_FILES)
    if (!existsSync(goldenPath(name))) writeFileSync(goldenPath(name), `${JSON.stringify(await computeGolden(name), null, 2)}\n`);
}
