import type { Bytes, Hash, Height } from "./bytes.ts";
import type { Certificate } from "./signing.ts";

export type AvailabilityKind = "batch" | "blob" | "seal" | "system";

/** What a quorum signed that it holds; signed body = u64le epoch || hashTreeRoot(header). */
export type AvailabilityHeader = {
  epoch: number;
  publisher: number;
  seq: number;
  refHeight: Height;
  bytes: number;
  gasLimitSum: bigint;
  expiry: Height;
  id: Hash;
};
export type AvailabilityCert = { kind: AvailabilityKind; header: AvailabilityHeader; certificate: Certificate };

/** `hashes`, `senders`: of the transactions, as this process has found them by its own pool or its own check, never as a peer says. */
export type PayloadItems = { txs: readonly Bytes[]; hashes?: readonly Hash[]; senders?: readonly Bytes[] };

/** da-layer's view of the transaction pool. */
export interface PayloadSource {
  /** Raw transactions whose home this validator is (now), in an order that can execute; undefined when there are none. */
  take(maxBytes: number, maxGas: bigint): { txs: Bytes[]; gas: bigint; senders?: readonly Bytes[] } | undefined;
  /** A batch that failed to certify: its transactions are offered again. */
  giveBack(txs: readonly Bytes[]): void;
  /** Their blobs are held neither here nor by a connected peer, so nobody would sign a batch of them: they are not offered again. */
  discard(txs: readonly Bytes[]): void;
  /** Called when `take` may have become non-empty. */
  onReady(f: () => void): void;
}

/** da-layer's view of the operations of a development chain (encoded); other chains have none. */
export interface OperationSource {
  /** In the order they came; undefined when there are none. */
  take(maxBytes: number): Bytes[] | undefined;
  /** They were not published: they are offered again. */
  giveBack(operations: readonly Bytes[]): void;
  /** Called when `take` may have become non-empty. */
  onReady(f: () => void): void;
  /** Why another validator's operations are not signed; undefined: they are. */
  fault(operations: readonly Bytes[]): string | undefined;
}

/** Static check of a batch of another validator, no state needed. */
export interface PayloadChecker {
  /** The sum of gas limits, and of each transaction hash and recovered sender. */
  check(txs: readonly Bytes[]): Promise<{ gas: bigint; hashes: readonly Hash[]; senders: readonly Bytes[] } | { invalid: string }>;
}

/** Certificates of one data lane, as consensus (through node) orders them. */
export interface CertificateLane {
  /** What can be included and is not yet, with its data held here, oldest first. */
  available(limit: number): AvailabilityCert[];
  onAvailable(f: () => void): void;
  /** These stand in a final block at `height`, those of other kinds too; after a restart it may hear again what it knows. */
  included(certs: readonly AvailabilityCert[], height: Height): void;
}

export interface PayloadLane extends CertificateLane {
  /** The batch's transactions, or operations; fetched from its signers when missing. */
  read(cert: AvailabilityCert, signal: AbortSignal): Promise<PayloadItems>;
}

export type PublishProgress = {
  /** "preparing": what encodes is loaded first, which takes seconds, once after a start; `done` is 0 when that begins and 1 after it. */
  step: "preparing" | "encoded" | "dispersed" | "signed" | "certified" | "included";
  done: number;
  id?: Hash;
  height?: Height;
  /** Of "dispersed" and "signed": whose rows or signature have come. */
  validator?: number;
};

/** `from`: the client's address, since each has a share of what is published at once; absent: the node itself. */
export type PublishRequest = { namespace: Bytes; bytes: number; expiry?: Height; from?: string };

export type ReadOptions = {
  /** Hears before the first byte of the key (or else peer id) of each holder whose rows did not verify. */
  onLiar?: (liar: string) => void;
  /** Hears before the first byte of the slots whose rows were read and verified for it, from disk or from holders, not from memory. */
  onRows?: (slots: readonly number[]) => void;
  /** Nothing is taken from memory. */
  fresh?: boolean;
};

export interface DataLayer {
  /** Once all bytes have come the publication goes on, whether anybody listens or not. Throws the codes of da-layer/src/blob/publish.ts. */
  publish(data: AsyncIterable<Bytes>, o: PublishRequest): AsyncIterable<PublishProgress>;
  /**
   * Payload bytes [from, to), none before all are verified. Throws DA_NOT_FOUND, DA_EXPIRED, DA_NOT_CERTIFIED, DA_UNAVAILABLE, DA_READS_BUSY.
   */
  retrieve(id: Hash, from: number, to: number | undefined, signal: AbortSignal, o?: ReadOptions): AsyncIterable<Bytes>;
  /** undefined: unknown here and to connected peers. Throws DA_EXPIRED. */
  status(id: Hash): Promise<{ bytes: number; height?: Height; cert?: AvailabilityCert; rowsHeld: number; rows: number } | undefined>;
}
