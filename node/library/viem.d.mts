/** Types of viem.mjs. */
type Hex = `0x${string}`;

export interface NoemaActionsOptions {
  /** Of the node, http or https; a client with viem's `http` transport knows it. */
  url?: string;
}

/** At a block's number, or a tag. */
export interface AtBlock {
  blockNumber?: bigint;
  blockTag?: "latest" | "safe" | "finalized" | "pending" | "earliest";
}

/** What an HTTP face of the node refused. `code`, and what to do about it: docs/errors.md. */
export class NoemaHttpError extends Error {
  readonly code: string;
  readonly data?: unknown;
  readonly status: number;
}

export interface PutData {
  data: string | Uint8Array | ArrayBuffer | Blob;
  /** At most 32 bytes. */
  namespace?: Hex;
  /** The height to which it is kept; 14 days unless given. */
  expiry?: number;
  /** Of a file, as it is given back. */
  name?: string;
  contentType?: string;
}
/** Its certificate, or that of its last object, is in a final block. */
export interface Published {
  id: Hex;
  state: "included" | "certified";
  bytes: number;
  height?: number;
  seconds: number;
}
/** `path`: of a file of a directory. */
export interface DataName {
  id: Hex;
  path?: string;
}
export interface DataStatus {
  id: Hex;
  bytes: number;
  /** In which its certificate is; null: in none yet. */
  height: bigint | null;
  rows: number;
  /** Of this node. */
  rowsHeld: number;
  certificate: Record<string, unknown> | null;
}

/** A certified consensus header with what verifies it without asking anybody: bytes and quantities in hex, as noema_finality has them. */
export interface Finality {
  /** Of the EVM block, and of the consensus block that made it. */
  number: bigint;
  height: bigint;
  blockHash: Hex;
  stateRoot: Hex;
  genesisHash: Hex;
  header: Record<string, unknown>;
  headerHash: Hex;
  stateRootProof: { leaf: Hex; index: Hex; branch: Hex[] };
  certificate: { kind: "finalize"; epoch: Hex; view: Hex; hash: Hex; bitmap: Hex; signature: Hex };
  publicKeys: Hex[];
  weights: Hex[];
  signers: { index: number; publicKey: Hex; weight: Hex }[];
  signedWeight: Hex;
  totalWeight: Hex;
}

export interface ModelEnd {
  dtype: string;
  shape: number[];
  encoding: string | null;
}
export interface Model {
  id: Hex;
  name: string;
  description: string;
  inputBytes: number;
  outputBytes: number;
  macs: bigint;
  /** Of one INFER with a warm model. */
  gas: bigint;
  input: ModelEnd;
  output: ModelEnd & { labels: string[] | null; temperature: number | null };
}
export interface Inference {
  output: Hex;
  values: number[];
  /** Index of the greatest value. */
  best: number;
  label: string | null;
}

export interface LayerTrace {
  index: number;
  operator: string;
  dtype: string;
  shape: number[];
  macs: number;
  micros: number;
  /** SHA-256 of the values that it gave: equal at every node. */
  hash: Hex;
}
export interface InferenceTrace {
  /** Names by id. */
  models: Record<Hex, string>;
  inferences: {
    model: Hex;
    from: Hex;
    depth: number;
    gasUsed: Hex;
    inputHash: Hex;
    output: Hex;
    engine: string;
    micros: number;
    layers: LayerTrace[];
  }[];
}
/** Outermost first. `pc`: of the call of the next frame, of the last its last opcode. */
export type FailureTrace = { type: string; from: Hex; to?: Hex; input: Hex; error: string; output: Hex; pc: number; jumps?: number[] }[];

export interface BlobSidecar {
  blobSidecar: { blobs: Hex[]; commitments: Hex[]; proofs: Hex[] };
  blockHash: Hex;
  blockNumber: Hex;
  txHash: Hex;
  txIndex: Hex;
}

export type NoemaActions = {
  /** PUT /da: resolves once it is available and ordered. Throws NoemaHttpError. */
  putData(data: PutData): Promise<Published>;
  /** GET /da/<id>: bytes [from, to), all unless given. Throws NoemaHttpError. */
  getData(wanted: DataName & { from?: number; to?: number }): Promise<Uint8Array<ArrayBuffer>>;
  /** GET /da/<id>?stat: what is known of an object or a file. Throws NoemaHttpError. */
  statData(wanted: DataName): Promise<Record<string, unknown>>;
  /** noema_daStatus; null: unknown here. */
  getDataStatus(wanted: { id: Hex }): Promise<DataStatus | null>;
  /** noema_finality: the first certified header that carries the block's result; null: there is none yet. */
  getFinality(block?: AtBlock): Promise<Finality | null>;
  /** noema_getCertificate: what makes the block itself final. */
  getCertificate(block?: AtBlock): Promise<Finality | null>;
  /** noema_models. */
  getModels(): Promise<Model[]>;
  /** noema_infer, by the model's id or its name. */
  infer(call: { model: Hex | (string & {}); input: Hex | Uint8Array } & AtBlock): Promise<Inference>;
  /** noema_traceInference. */
  traceInference(of: { hash: Hex }): Promise<InferenceTrace>;
  /** noema_traceFailure; null: it did not fail. */
  traceFailure(of: { hash: Hex }): Promise<FailureTrace | null>;
  /** noema_getTransactionStatus. */
  getTransactionStatus(of: { hash: Hex }): Promise<Record<string, unknown> | null>;
  /** eth_getBlobSidecarByTxHash; null: no such transaction of blobs is in the chain. */
  getBlobSidecar(of: { hash: Hex }): Promise<BlobSidecar | null>;
};

/** For `client.extend(noemaActions())`. */
export function noemaActions(options?: NoemaActionsOptions): (client: {
  // biome-ignore lint/suspicious/noExplicitAny: viem's own, whatever schema its client has
  request(args: any): Promise<any>;
  /** Of viem; its `http` has a `url`. */
  transport?: object;
}) => NoemaActions;
