/** SamplingCrypto without native code, from noble's curves and micro-eth-signer's KZG: what a browser runs, and the command line. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { coreError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Certificate, CertificateScheme, SignedKind, ValidatorSet } from "@noema/core/ports/signing";
import { bitmapIndexes, isQuorum, weightOf } from "@noema/core/quorum";
import { KZG } from "micro-eth-signer/kzg.js";
import type { SamplingCrypto } from "./client.ts";
import { portableMessage } from "./portable.ts";
import { G1_POWERS, G2_POWER_64 } from "./set-up.ts";

/** Proof of possession, keys in G1: core/src/crypto/bls.ts. */
const DST = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;

/** Parses and checks the set-up's points, some 0.1 s. */
export function createNobleCrypto(genesisHash: Hash): SamplingCrypto {
  const kzg = createKzg();
  return {
    certificates: createVerifier(genesisHash),
    combiner(commitments) {
      const points = commitments.map(point);
      return (scalars) => {
        const used = points.map((p, i) => [p, scalars[i]!] as const).filter(([p, scalar]) => scalar !== 0n && !p.is0());
        return used.reduce((sum, [p, scalar]) => sum.add(p.multiplyUnsafe(scalar)), G1.ZERO).toBytes(true);
      };
    },
    async verifyCells(commitments, indices, cells, proofs) {
      try {
        return kzg.verifyCellKzgProofBatch(commitments.map(hex), [...indices], cells.map(hex), proofs.map(hex));
      } catch {
        return false;
      }
    },
  };
}

const hex = (bytes: Bytes) => `0x${bytesToHex(bytes)}`;

function point(bytes: Bytes) {
  try {
    return G1.fromBytes(bytes); // checks the subgroup; infinity has its one form
  } catch (error) {
    throw coreError("KEY_INVALID", `not a point of G1: ${error instanceof Error ? error.message : error}`);
  }
}

/** Verifying cells uses the first 64 powers in G1 and the 64th in G2; the library wants lists of all, so what is not used repeats what is. */
function createKzg(): KZG {
  const powers = G1_POWERS.map((compressed) => {
    const { x, y } = G1.fromHex(compressed).toAffine();
    return `${x.toString(16)} ${y.toString(16)}`;
  });
  const { x, y } = G2.fromHex(G2_POWER_64).toAffine();
  const g2 = [x, y].map(({ c0, c1 }) => `${c0.toString(16)},${c1.toString(16)}`).join(" ");
  return new KZG({
    encoding: "fast_v1",
    g1_lagrange: powers.slice(0, 2),
    g1_monomial: powers,
    g2_monomial: new Array<string>(65).fill(g2),
  });
}

function createVerifier(genesisHash: Hash): Pick<CertificateScheme, "verify"> {
  const { hash, verify, aggregatePublicKeys } = bls12_381.longSignatures;
  return {
    async verify(set: ValidatorSet, kind: SignedKind, body: Bytes, { bitmap, signature }: Certificate) {
      const signers = bitmapIndexes(bitmap, set.members.length);
      if (signers === undefined || !isQuorum(weightOf(set, signers), set.total)) return false;
      try {
        const keys = signers.map((i) => point(set.members[i]!.publicKey));
        return verify(G2.fromBytes(signature), hash(portableMessage(kind, genesisHash, body), DST), aggregatePublicKeys(keys));
      } catch {
        return false;
      }
    },
  };
}
