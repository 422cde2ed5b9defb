/**
 * Blocks in the `state` environment.
 *
 *   blocks      u32be height    RLP [header without its bloom when that is zero, skippedRoot or empty]
 *   bodies      u32be height    RLP [raw transactions, receipts, skipped]; absent when all are empty
 *   hashes      block hash      u32be height
 *   txs         tx hash         u32be height . u32be index
 *   meta        "head"          u32be height . state root . u32be oldest height whose state is kept
 *               "genesis"       genesisHash
 *
 * A block without transactions takes about 300 bytes here: that is what an idle chain costs.
 */
import { bytesToBigInt, concatBytes, equalBytes, u32be, utf8, ZERO_HASH } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import type { SkippedTransaction } from "../api.ts";
import type { ExecutedTransaction } from "../engine/engine.ts";
import { asBytes, asList, rlpDecode, rlpDecodeFlat, rlpEncode, rlpInt } from "../rlp.ts";
import { BLOOM_BYTES } from "./bloom.ts";
import { decodeHeader, encodeHeader, type Header } from "./header.ts";
import { decodeReceipts, receiptItem } from "./receipt.ts";

const BLOCKS = "blocks";
const BODIES = "bodies";
const HASHES = "hashes";
const TXS = "txs";
const META = "meta";
const HEAD = utf8("head");
const GENESIS = utf8("genesis");

const NOTHING = new Uint8Array(0);
const NO_BLOOM = new Uint8Array(BLOOM_BYTES);

export type StoredBlock = { header: Header; headerRlp: Bytes; hash: Hash; skippedRoot: Hash };
export type StoredBody = { executed: ExecutedTransaction[]; skipped: SkippedTransaction[] };

/** `oldest`: the oldest height whose state is kept from this block on. */
export function blockOps(block: StoredBlock, body: StoredBody, fork: string, oldest: Height): KvOp[] {
  const { header } = block;
  const key = u32be(header.height);
  const stored = equalBytes(header.logsBloom, NO_BLOOM) ? encodeHeader({ ...header, logsBloom: NOTHING }, fork) : block.headerRlp;
  const root = equalBytes(block.skippedRoot, ZERO_HASH) ? NOTHING : block.skippedRoot;
  const ops: KvOp[] = [
    { table: BLOCKS, key, value: rlpEncode([stored, root]) },
    { table: HASHES, key: block.hash, value: key },
    { table: META, key: HEAD, value: concatBytes(key, header.stateRoot, u32be(oldest)) },
  ];
  if (body.executed.length + body.skipped.length > 0) ops.push({ table: BODIES, key, value: encodeBody(body) });
  for (const [i, tx] of body.executed.entries()) ops.push({ table: TXS, key: tx.hash, value: concatBytes(key, u32be(i)) });
  return ops;
}

export function genesisOp(genesisHash: Hash): KvOp {
  return { table: META, key: GENESIS, value: genesisHash };
}

export function readGenesis(snapshot: KvSnapshot): Hash | undefined {
  return snapshot.get(META, GENESIS);
}

export type Head = { height: Height; stateRoot: Hash; oldest: Height };

export function readHead(snapshot: KvSnapshot): Head | undefined {
  const value = snapshot.get(META, HEAD);
  return value && { height: readHeight(value), stateRoot: value.subarray(4, 36), oldest: readHeight(value.subarray(36)) };
}

export function readBlock(snapshot: KvSnapshot, height: Height, fork: string): StoredBlock | undefined {
  const value = height < 0 || height > 0xffffffff ? undefined : snapshot.get(BLOCKS, u32be(height));
  return value && decodeBlock(value, fork);
}

/** Headers from `from` to `to`, both included, in order. */
export function* readBlocks(snapshot: KvSnapshot, from: Height, to: Height, fork: string): Iterable<StoredBlock> {
  for (const [, value] of snapshot.range(BLOCKS, u32be(from), u32be(to + 1), Number.MAX_SAFE_INTEGER)) yield decodeBlock(value, fork);
}

export function readBody(snapshot: KvSnapshot, height: Height): StoredBody {
  const value = snapshot.get(BODIES, u32be(height));
  if (value === undefined) return { executed: [], skipped: [] };
  const [raws, receipts, skipped] = asList(rlpDecode(value));
  return {
    executed: decodeReceipts(asBytes(receipts), asList(raws).map(asBytes)),
    skipped: asList(skipped).map((item) => {
      const [hash, code, retry] = asList(item).map(asBytes) as [Bytes, Bytes, Bytes];
      return { hash, code: new TextDecoder().decode(code), retry: retry.length > 0 };
    }),
  };
}

export function heightOfHash(snapshot: KvSnapshot, hash: Hash): Height | undefined {
  const value = snapshot.get(HASHES, hash);
  return value && readHeight(value);
}

export function placeOfTransaction(snapshot: KvSnapshot, hash: Hash): { height: Height; index: number } | undefined {
  const value = snapshot.get(TXS, hash);
  return value && { height: readHeight(value), index: readHeight(value.subarray(4)) };
}

function encodeBody({ executed, skipped }: StoredBody): Bytes {
  const receipts = rlpEncode(executed.map(receiptItem));
  return rlpEncode([executed.map((tx) => tx.raw), receipts, skipped.map((s) => [s.hash, utf8(s.code), rlpInt(s.retry ? 1 : 0)])]);
}

function decodeBlock(value: Bytes, fork: string): StoredBlock {
  const [stored, root] = rlpDecodeFlat(value, 2) as [Bytes, Bytes];
  const header = decodeHeader(stored);
  const whole = header.logsBloom.length === BLOOM_BYTES;
  if (!whole) header.logsBloom = NO_BLOOM;
  const headerRlp = whole ? stored : encodeHeader(header, fork);
  return { header, headerRlp, hash: keccak256(headerRlp), skippedRoot: root.length === 0 ? ZERO_HASH : root };
}

function readHeight(bytes: Bytes): Height {
  if (bytes.length < 4) throw new NoemaError("STATE_CORRUPT", `an index entry of ${bytes.length} bytes`);
  return Number(bytesToBigInt(bytes.subarray(0, 4)));
}
