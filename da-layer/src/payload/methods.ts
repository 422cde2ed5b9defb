/** Questions of the payload lane: a row has the types of both ways, their bounds, and the quota with its reason. */
import { type Coding, NOTHING, type PeerMethod } from "@noema/core/peer-methods";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import { batchTransactionsType, decodeTransactions, MAX_TXS_SSZ_BYTES } from "./batch.ts";
import { batchRequestType, decodeCerts, encodeCerts, MAX_CERT_LIST_BYTES } from "./frames.ts";

export const CERT_LIST: Coding<readonly AvailabilityCert[]> = {
  typeName: "AvailabilityCerts",
  maxSize: MAX_CERT_LIST_BYTES,
  serialize: encodeCerts,
  deserialize: decodeCerts,
};

/** A node that was away fetches the 64 batches of some blocks a second; who is refused asks the next signer. */
const batch: PeerMethod<{ id: Hash }, readonly Bytes[]> = {
  name: "data/batch",
  question: batchRequestType,
  answer: {
    typeName: "BatchTransactions",
    maxSize: MAX_TXS_SSZ_BYTES,
    serialize: (txs) => batchTransactionsType.serialize([...txs]),
    deserialize: decodeTransactions,
  },
  items: 1,
  perSecond: 512,
};

/** Certificates that are not included yet. Once a connection. */
const certs: PeerMethod<undefined, readonly AvailabilityCert[]> = {
  name: "data/certs",
  question: NOTHING,
  answer: CERT_LIST,
  items: 1,
  perSecond: 4,
};

export const METHODS = { batch, certs } as const;
