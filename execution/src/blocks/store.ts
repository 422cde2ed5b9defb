/**
 * Blocks in the `state` environment, format 2 (encoding.md 9).
 *
 *   blocks      u64be height      RLP [number, state root after the height, header without its bloom when that is zero, skippedRoot, systemRoot]
 *   numbers     u64be number      u64be height              the chain's own: what is not in here is no block of it
 *   hashes      block hash        u64be height . u32be 0
 *   txs         tx hash           u64be height . u32be index
 *   bodies      (bodies.ts)
 *   meta        "head"            u64be height . u64be number . state root . u64be oldest height whose state is kept
 *               "genesis"         genesisHash
 *               "format"          the number of this format
 *
 * A root of 32 zero bytes is stored empty. A block without transactions takes about 330 bytes here: that is what an idle chain costs.
 */
import { blockNumber } from "@noema/core/block-number";
import { bytesToBigInt, concatBytes, equalBytes, readU64be, u32be, u64be, utf8, ZERO_HASH } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { execError } from "../errors.ts";
import { rlpDecodeFlat, rlpEncode, rlpInt } from "../rlp.ts";
import { BLOOM_BYTES } from "./bloom.ts";
import { decodeHeader, encodeHeader, type Header } from "./header.ts";

const BLOCKS = "blocks";
const NUMBERS = "numbers";
const HASHES = "hashes";
const TXS = "txs";
const META = "meta";
const HEAD = utf8("head");
const GENESIS = utf8("genesis");
const FORMAT = utf8("format");
const FORMAT_NOW = 2;

const NOTHING = new Uint8Array(0);
const NO_BLOOM = new Uint8Array(BLOOM_BYTES);

export type StoredBlock = { height: Height; header: Header; headerRlp: Bytes; hash: Hash; skippedRoot: Hash; systemRoot: Hash };

/** `oldest`: the oldest height whose state is kept from this block on. */
export function blockOps(block: StoredBlock, txHashes: readonly Hash[], fork: string, oldest: Height): KvOp[] {
  const { header } = block;
  const [height, number] = [u64be(block.height), u64be(header.number)];
  const stored = equalBytes(header.logsBloom, NO_BLOOM) ? encodeHeader({ ...header, logsBloom: NOTHING }, fork) : block.headerRlp;
  const roots = [block.skippedRoot, block.systemRoot].map((root) => (equalBytes(root, ZERO_HASH) ? NOTHING : root));
  return [
    { table: BLOCKS, key: height, value: rlpEncode([rlpInt(header.number), header.stateRoot, stored, ...roots]) },
    { table: NUMBERS, key: number, value: height },
    { table: HASHES, key: block.hash, value: concatBytes(height, u32be(0)) },
    headOp({ height: block.height, number: header.number, stateRoot: header.stateRoot, oldest }),
    ...txHashes.map((hash, i) => ({ table: TXS, key: hash, value: concatBytes(height, u32be(i)) })),
  ];
}

/** What an empty store begins with. */
export function foundingOps(genesisHash: Hash): KvOp[] {
  return [
    { table: META, key: GENESIS, value: genesisHash },
    { table: META, key: FORMAT, value: Uint8Array.of(FORMAT_NOW) },
  ];
}

/** Hash of the chain's genesis; undefined: the store is empty. Throws EXEC_STORE_FORMAT. */
export function readGenesis(snapshot: KvSnapshot): Hash | undefined {
  const genesis = snapshot.get(META, GENESIS);
  const format = snapshot.get(META, FORMAT)?.[0] ?? 1; // the first one did not say so
  if (genesis !== undefined && format !== FORMAT_NOW)
    throw execError(
      "EXEC_STORE_FORMAT",
      `the state store has format ${format}, this version reads and writes format ${FORMAT_NOW}: a devnet begins anew with --fresh`,
      { format },
    );
  return genesis;
}

export type Head = { height: Height; number: BlockNumber; stateRoot: Hash; oldest: Height };

export function headOp({ height, number, stateRoot, oldest }: Head): KvOp {
  return { table: META, key: HEAD, value: concatBytes(u64be(height), u64be(number), stateRoot, u64be(oldest)) };
}

export function readHead(snapshot: KvSnapshot): Head | undefined {
  const value = snapshot.get(META, HEAD);
  if (value === undefined) return undefined;
  if (value.length !== 56) throw corrupt(value);
  return {
    height: readU64be(value),
    number: blockNumber(readU64be(value, 8)),
    stateRoot: value.subarray(16, 48),
    oldest: readU64be(value, 48),
  };
}

export function readBlock(snapshot: KvSnapshot, height: Height, fork: string): StoredBlock | undefined {
  const value = Number.isSafeInteger(height) && height >= 0 ? snapshot.get(BLOCKS, u64be(height)) : undefined;
  return value && decodeBlock(value, height, fork);
}

/** Of consensus blocks `from` to `to`, both included, in order. */
export function* readBlocks(snapshot: KvSnapshot, from: Height, to: Height, fork: string): Iterable<StoredBlock> {
  for (const [key, value] of snapshot.range(BLOCKS, u64be(from), u64be(to + 1), Number.MAX_SAFE_INTEGER))
    yield decodeBlock(value, readU64be(key), fork);
}

/** The consensus block that carried the block of a number; undefined: there is none. */
export function heightOfNumber(snapshot: KvSnapshot, number: BlockNumber): Height | undefined {
  const value = Number.isSafeInteger(number) && number >= 0 ? snapshot.get(NUMBERS, u64be(number)) : undefined;
  return value && place(value).height;
}

export function heightOfHash(snapshot: KvSnapshot, hash: Hash): Height | undefined {
  const value = snapshot.get(HASHES, hash);
  return value && place(value).height;
}

export function placeOfTransaction(snapshot: KvSnapshot, hash: Hash): { height: Height; index: number } | undefined {
  const value = snapshot.get(TXS, hash);
  return value && place(value);
}

function decodeBlock(value: Bytes, height: Height, fork: string): StoredBlock {
  const [, , stored, skippedRoot, systemRoot] = rlpDecodeFlat(value, 5) as [Bytes, Bytes, Bytes, Bytes, Bytes];
  const header = decodeHeader(stored);
  const whole = header.logsBloom.length === BLOOM_BYTES;
  if (!whole) header.logsBloom = NO_BLOOM;
  const headerRlp = whole ? stored : encodeHeader(header, fork);
  const root = (bytes: Bytes) => (bytes.length === 0 ? ZERO_HASH : bytes);
  return { height, header, headerRlp, hash: keccak256(headerRlp), skippedRoot: root(skippedRoot), systemRoot: root(systemRoot) };
}

/** Of an index entry: a height, and where it has one an index within it. */
function place(entry: Bytes): { height: Height; index: number } {
  if (entry.length < 8) throw corrupt(entry);
  return { height: readU64be(entry), index: Number(bytesToBigInt(entry.subarray(8))) };
}

function corrupt(entry: Bytes): NoemaError {
  return execError("STATE_CORRUPT", `an index entry of ${entry.length} bytes`);
}
