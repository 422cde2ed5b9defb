/**
 * A validator that has turned: frames of 768 forged certificates each, the most that one may hold, at a fixed rate to every other
 * validator. Each certificate could be one (views that are to come, a quorum of signers, a signature that is a point of the curve), so
 * that only a pairing shows that it is none. A connection that is ended, or refused, is made anew, under another peer id.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { certsAnswerType } from "@noema/consensus/wire/certs";
import { concatBytes, fromHex, u32be } from "@noema/core/bytes";
import { publicKeyOf, secretKeyFromSeed, sign } from "@noema/core/crypto/bls";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { signedMessage } from "@noema/core/crypto/signed-message";
import { specHash } from "@noema/core/genesis";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SignedKind } from "@noema/core/ports/signing";
import { bitmapOf } from "@noema/core/quorum";
import { publicKeyHex } from "@noema/core/validator-index";
import { loadValidatorKey } from "@noema/node/keys/validator-key";
import { encodeFrame } from "@noema/node/p2p/framing";
import type { HelloContext } from "@noema/node/p2p/hello";
import { connectRaw } from "@noema/node/p2p/testing/raw-peer";
import type { Client } from "../observe/client.ts";
import type { ForgerResult } from "../result.ts";

/** Its data directory, and those of the validators that it writes to. */
export type Turned = { folder: string; others: readonly string[] };

/** encoding.md 5: type of a frame of certificates. */
const CERTS = 5;
const VIEWS = 256;
const KINDS = 3;
const RECONNECT_MS = 100;

export async function startForger({ folder, others }: Turned, client: Client, perSecond: number): Promise<() => Promise<ForgerResult>> {
  const { genesisHash } = await client.ask<{ genesisHash: string }>("noema_nodeInfo");
  const { epoch, view } = await client.ask<{ epoch: string; view: string }>("noema_consensusStatus");
  const context = helloOf(fromHex(genesisHash), loadValidatorKey(folder));
  const frame = encodeFrame(forgedCertificates(Number(epoch), Number(view), others.length + 1));
  let stopped = false;
  let sent = 0;
  let connections = 0;
  let refused = 0;
  const connectAndForge = async (port: number) => {
    const peer = await connectRaw(`/ip4/127.0.0.1/tcp/${port}`);
    connections++;
    let open = true;
    void peer.closed.then(() => {
      open = false;
    });
    try {
      const stream = await peer.hello(context);
      while (open && !stopped) {
        stream.send(frame);
        sent++;
        await new Promise((next) => setTimeout(next, 1000 / perSecond));
      }
    } finally {
      await peer.stop();
    }
  };
  const forge = async (to: string) => {
    const { port } = (JSON.parse(readFileSync(join(to, "config.json"), "utf8")) as { p2p: { port: number } }).p2p;
    while (!stopped) {
      await connectAndForge(port).catch(() => refused++);
      await new Promise((next) => setTimeout(next, RECONNECT_MS));
    }
  };
  const forging = others.map(forge);
  return async () => {
    stopped = true;
    await Promise.all(forging);
    return { frames: sent, bytes: frame.length, connections, refused };
  };
}

function helloOf(genesisHash: Bytes, key: Bytes): HelloContext {
  return {
    genesisHash,
    instance: sha256(genesisHash).subarray(0, 16),
    specHash: specHash(),
    signer: {
      publicKey: publicKeyHex(publicKeyOf(key)),
      sign: async (kind: SignedKind, body: Bytes) => sign(key, signedMessage(kind, genesisHash, body)),
    },
    scheme: createCertificateScheme(genesisHash),
  };
}

function forgedCertificates(epoch: number, view: number, validators: number): Bytes {
  const signature = sign(secretKeyFromSeed(sha256(Uint8Array.of(1))), sha256(Uint8Array.of(2)));
  const bitmap = bitmapOf(
    Array.from({ length: validators - 1 }, (_, i) => i),
    validators,
  );
  const certificates = Array.from({ length: VIEWS * KINDS }, (_, i) => {
    const kind = i % KINDS;
    const hash = kind === 1 ? new Uint8Array(32) : sha256(u32be(i)); // a nullification has none
    return { kind, epoch, view: view + Math.floor(i / KINDS), hash, bitmap, signature };
  });
  return concatBytes(Uint8Array.of(CERTS), certsAnswerType.serialize(certificates));
}
