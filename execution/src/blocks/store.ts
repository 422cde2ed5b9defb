/**
 * Blocks in the `state` environment, format 5 (encoding.md 9).
 *
 *   blocks      u64be height      RLP [number after the height, state root after it, skippedRoot, systemRoot, fields of the header (header.ts)];
 *                                 bare, without a block of its own: the height that carried the newest one, in place of the fields;
 *                                 behind them, where quiet blocks follow (quiet.ts): how many, seconds from one to the next
 *   numbers, abandoned            (numbers.ts)
 *   hashes      8 bytes of the block hash . u64be height . u32be 0         nothing (short-hash.ts)
 *   txs         8 bytes of the tx hash . u64be height . u32be index        the same
 *   bodies      (bodies.ts)
 *   meta        "head"            u64be height . u64be number . state root . u64be oldest height whose state is kept
 *               "genesis"         genesisHash
 *               "format"          the number of this format
 *
 * A root of 32 zero bytes is stored empty. A block without transactions takes about 190 bytes here: that is what an idle chain costs.
 * State after the block of a number is the state until the next block's height: bare ones between them show in it.
 */
import { blockNumber } from "@noema/core/block-number";
import { bytesToBigInt, concatBytes, equalBytes, readU64be, u64be, utf8, ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { BlockNumber, Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { shortHashOp } from "@noema/core/short-hash";
import { execError } from "../errors.ts";
import { asBytes, asList, rlpDecode } from "../rlp/decode.ts";
import { rlpEncode } from "../rlp/encode.ts";
import { BLOCKS, HASHES, META, TXS } from "../tables.ts";
import { encodeHeader, type Header, headerOf, storedFields } from "./header.ts";
import { numberOp } from "./numbers.ts";
import { placeBytes } from "./place.ts";

const HEAD = utf8("head");
const GENESIS = utf8("genesis");
const FORMAT = utf8("format");
const FORMAT_NOW = 5;

const NOTHING = new Uint8Array(0);

/** An EVM block and where it stands: the height that carried it, and its place among the blocks of the height; 0 is the whole one. */
export type StoredBlock = { height: Height; index: number; header: Header; headerRlp: Bytes; hash: Hash };
/** Quiet blocks behind a whole one (quiet.ts). `interval`: seconds. */
export type QuietRun = { count: number; interval: bigint };
/** What a height gave. `number`, `newest` (the height that carried the block of that number), `stateRoot`: after it; `block`: absent where it is bare. */
export type StoredHeight = {
  height: Height;
  number: BlockNumber;
  newest: Height;
  stateRoot: Hash;
  skippedRoot: Hash;
  systemRoot: Hash;
  block?: StoredBlock;
  quiet?: QuietRun;
};

/** `oldest`: the oldest height whose state is kept from this one on. */
export function heightOps(stored: StoredHeight, txHashes: readonly Hash[], oldest: Height): KvOp[] {
  const { number, stateRoot, block, quiet } = stored;
  const height = u64be(stored.height);
  const roots = [stored.skippedRoot, stored.systemRoot].map((root) => (equalBytes(root, ZERO_HASH) ? NOTHING : root));
  const header = block === undefined ? stored.newest : storedFields(block.header);
  const run = quiet === undefined ? [] : [quiet.count, quiet.interval];
  const ops: KvOp[] = [
    { table: BLOCKS, key: height, value: rlpEncode([number, stateRoot, ...roots, header, ...run]) },
    headOp({ height: stored.height, number, stateRoot, oldest }),
  ];
  if (block === undefined) return ops;
  ops.push(numberOp(block.header.number, stored.height, quiet?.count ?? 0), shortHashOp(HASHES, block.hash, placeBytes(stored.height, 0)));
  return ops.concat(txHashes.map((hash, i) => shortHashOp(TXS, hash, placeBytes(stored.height, i))));
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
  if (value.length !== 56) throw execError("STATE_CORRUPT", `${value.length} bytes where the newest height stands`);
  return {
    height: readU64be(value),
    number: blockNumber(readU64be(value, 8)),
    stateRoot: value.subarray(16, 48),
    oldest: readU64be(value, 48),
  };
}

export function readHeight(snapshot: KvSnapshot, height: Height, fork: string): StoredHeight | undefined {
  const value = Number.isSafeInteger(height) && height >= 0 ? snapshot.get(BLOCKS, u64be(height)) : undefined;
  return value && decodeHeight(value, height, fork);
}

/** undefined where the height is bare, too. */
export function readBlock(snapshot: KvSnapshot, height: Height, fork: string): StoredBlock | undefined {
  return readHeight(snapshot, height, fork)?.block;
}

/** Of heights `from` to `to`, both included, in order. */
export function* readHeights(snapshot: KvSnapshot, from: Height, to: Height, fork: string): Iterable<StoredHeight> {
  const range = snapshot.range(BLOCKS, u64be(Math.max(from, 0)), u64be(Math.max(to, -1) + 1), Number.MAX_SAFE_INTEGER);
  for (const [key, value] of range) yield decodeHeight(value, readU64be(key), fork);
}

/** The blocks among them. */
export function* readBlocks(snapshot: KvSnapshot, from: Height, to: Height, fork: string): Iterable<StoredBlock> {
  for (const { block } of readHeights(snapshot, from, to, fork)) if (block !== undefined) yield block;
}

function decodeHeight(value: Bytes, height: Height, fork: string): StoredHeight {
  const [number, stateRoot, skipped, system, header, ...run] = asList(rlpDecode(value));
  const [skippedRoot, systemRoot] = [skipped, system].map(asBytes).map((root) => (root.length === 0 ? ZERO_HASH : root)) as [Hash, Hash];
  const after = {
    height,
    number: blockNumber(Number(bytesToBigInt(asBytes(number)))),
    stateRoot: asBytes(stateRoot),
    skippedRoot,
    systemRoot,
  };
  if (!Array.isArray(header)) return { ...after, newest: Number(bytesToBigInt(asBytes(header))) };
  const [count, interval = 0n] = run.map((item) => bytesToBigInt(asBytes(item)));
  const quiet = count === undefined ? undefined : { count: Number(count), interval };
  const own = { ...after, number: blockNumber(after.number - (quiet?.count ?? 0)) };
  return { ...after, newest: height, block: sealed(height, headerOf(header.map(asBytes), own), fork), quiet };
}

function sealed(height: Height, header: Header, fork: string): StoredBlock {
  const headerRlp = encodeHeader(header, fork);
  return { height, index: 0, header, headerRlp, hash: keccak256(headerRlp) };
}
