/**
 * A validator that has turned: it offers objects as good as any to each of the others and never sends a row of them. What is given up is
 * offered again as another object, so that as many are always on their way.
 */
import { join } from "node:path";
import { createCertificateScheme } from "@noema/core/crypto/certificate-scheme";
import { createOwnSignatures } from "@noema/core/crypto/own-signatures";
import { isNoemaError } from "@noema/core/errors";
import { askOne, servePeers } from "@noema/core/peer-methods";
import type { Peer } from "@noema/core/ports/network";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { indexOf } from "@noema/core/validator-index";
import { ROW_BYTES, rowCount } from "@noema/da-layer/blob/elements";
import { encodeBlob } from "@noema/da-layer/blob/encode";
import { loadKzg } from "@noema/da-layer/blob/load-kzg";
import { OBJECT_VERSION } from "@noema/da-layer/blob/object";
import { totalSlots } from "@noema/da-layer/blob/shares";
import { type BlobOffer, METHODS } from "@noema/da-layer/blob/wire";
import { systemClock } from "@noema/node/clock";
import { readNodeConfig } from "@noema/node/config";
import { readChainSpec } from "@noema/node/wiring/genesis";
import { joinNetwork, loadSigner } from "@noema/node/wiring/identity";
import { benchError } from "../load/errors.ts";
import { createClient } from "../load/observe/client.ts";
import { seededBytes } from "./objects.ts";

/** One row: what an offer holds up does not depend on it, what it costs here does. */
const BYTES = 1000;
/** Above the numbers that the validator itself used. */
const FIRST_SEQ = 2 ** 40;

export type Staller = {
  /** Keeps `count` offers on their way to each of the others. The result ends that, and says by which codes how many were answered. */
  stall(count: number): () => Record<string, number>;
  stop(): Promise<void>;
};

/** `folder`: the data directory of the validator, which does not run; `url`: any node. Throws BENCH_RUN_FAILED where `others` do not connect. */
export async function startStaller(folder: string, url: string, others: number): Promise<Staller> {
  const config = readNodeConfig(join(folder, "config.json"));
  const spec = readChainSpec(config.genesis);
  const own = createOwnSignatures();
  const signer = await loadSigner(config, spec, own);
  const scheme = createCertificateScheme(spec.hash, own);
  const network = await joinNetwork({
    ...{ spec, config, signer, scheme, logger: nullLogger, metrics: nullMetrics },
    isValidator: (key) => indexOf(spec.validatorSet(0), key) !== undefined,
  });
  const kzg = await loadKzg();
  const client = await createClient(url);
  const stopping = new AbortController();
  let seq = FIRST_SEQ;

  async function makeOffer(): Promise<BlobOffer> {
    const { epoch, consensusHeight } = await client.ask<{ epoch: string; consensusHeight: string }>("noema_consensusStatus");
    const set = spec.validatorSet(Number(epoch));
    const publisher = indexOf(set, signer?.publicKey) as number;
    const [refHeight, R, nonce] = [Number(consensusHeight), rowCount(BYTES), seq++];
    const N = totalSlots(set, R);
    const expiry = refHeight + spec.da.blobRetention;
    const meta = {
      ...{ version: OBJECT_VERSION, chainId: spec.genesis.chainId, namespace: new Uint8Array(), nonce, epoch: Number(epoch), R, N },
      ...{ publisher: set.members[publisher]?.feeAddress as Uint8Array, payloadLen: BYTES, expiry },
    };
    const { id, object } = await encodeBlob(kzg, meta, seededBytes(0, nonce, BYTES));
    return { header: { epoch: meta.epoch, publisher, seq: nonce, refHeight, bytes: N * ROW_BYTES, gasLimitSum: 0n, expiry, id }, object };
  }

  servePeers({ network, clock: systemClock }, METHODS.rows, async function* (_from, _question, signal) {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  });
  await network.start(stopping.signal);
  const peers = await connected(() => network.peers().filter(({ publicKey }) => publicKey !== undefined), others);

  function stall(count: number): () => Record<string, number> {
    const ending = new AbortController();
    const ended: Record<string, number> = {};
    const offer = async (peer: Peer) => {
      while (!ending.signal.aborted) {
        const answer = await askOne(network, peer.id, METHODS.offer, await makeOffer(), ending.signal).then(() => "signed", reasonOf);
        if (!ending.signal.aborted) ended[answer] = 1 + (ended[answer] ?? 0);
      }
    };
    for (const peer of peers) for (let k = 0; k < count; k++) void offer(peer);
    return () => {
      ending.abort(new Error("the phase is over"));
      return ended;
    };
  }
  return {
    stall,
    async stop() {
      stopping.abort(new Error("the measurement ends"));
      client.close();
      await network.stop();
    },
  };
}

const reasonOf = (error: unknown) => (isNoemaError(error) ? String(error.data.reason ?? error.code) : String(error));

const CONNECT_MS = 60_000;
const LOOK_MS = 100;

async function connected(peers: () => readonly Peer[], count: number): Promise<readonly Peer[]> {
  for (const deadline = performance.now() + CONNECT_MS; performance.now() < deadline; ) {
    if (peers().length >= count) return peers();
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
  throw benchError("BENCH_RUN_FAILED", `${peers().length} of ${count} validators let the stalling one connect`);
}
