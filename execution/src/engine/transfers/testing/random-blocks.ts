/** Seeded blocks of everything that a transfer can meet: see `plain`, `recipient` and `other`. */
import { blockNumber } from "@noema/core/block-number";
import { bytesToBigInt, concatBytes, fromHex, u32be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SeededRandom } from "@noema/core/testing/seeded-random";
import { rlpEncode, rlpInt } from "../../../rlp/encode.ts";
import { createdAddress } from "../../../rules/created-address.ts";
import { EMPTY_ACCOUNT } from "../../../state/account.ts";
import { delegationTo } from "../../../state/delegation.ts";
import type { Journal } from "../../../state/journal.ts";
import { COINBASE, ECHO, testAddress, testKey } from "../../../testing/chain.ts";
import { signHash } from "../../../transactions/secp256k1.ts";
import { signTransaction, type TransactionFields } from "../../../transactions/testing/sign-transaction.ts";
import type { BlockEnv } from "../../engine.ts";

export const CHAIN = 31337n;
const SENDERS = 6;
/** Accounts that are there and hold nothing: an operation of a development chain makes such. Half of them have a slot. */
const EMPTY = 10;
const ETHER = 10n ** 18n;
const MAX = 2n ** 256n - 1n;
const BASE_FEE = 1000n;
const emptyAccount = (i: number) => address(`empty ${i}`);
const address = (name: string) => sha256(new TextEncoder().encode(name)).subarray(0, 20);

/** Sends what it has to the caller, and goes. */
const DESTROYS = fromHex("0x33ff");
/** As init code: makes a contract of one STOP. */
const CREATES_STOP = fromHex("0x60016000f3");
const CONTRACTS: readonly [Bytes, Bytes][] = [
  [address("stops"), fromHex("0x00")],
  [address("destroys"), DESTROYS],
  [address("reverts"), fromHex("0x5f5ffd")],
  [address("delegated"), delegationTo(address("stops"))],
];
const SPECIAL = [1, 2, 3, 9, 10, 11, 17, 18, 0x100].map((n) => fromHex(n.toString(16).padStart(40, "0")));

/** `journal`: of the block that is being run, so that most transactions are valid at their turn. */
type World = { random: SeededRandom; journal?: Journal; coinbase: Bytes; berlin: boolean };

/** What the first block does to the state before it: rich, poor and empty accounts, contracts, one that is almost full. */
function found(journal: Journal): void {
  const put = (who: Bytes, balance: bigint, codeHash = EMPTY_ACCOUNT.codeHash) =>
    journal.setAccount(who, { ...EMPTY_ACCOUNT, balance, codeHash });
  for (let i = 0; i < SENDERS; i++) put(testAddress(i), i === 0 ? 60_000n * BASE_FEE : i === 1 ? MAX - 5n * ETHER : ETHER);
  for (const [who, code] of CONTRACTS) put(who, 5n, journal.addCode(code));
  put(address("full"), MAX - 2n);
  for (let i = 0; i < EMPTY; i++) {
    put(emptyAccount(i), 0n);
    if (i % 2 === 0) journal.setSlot(emptyAccount(i), sha256(u32be(1)), Uint8Array.of(1));
  }
}

export type RandomBlock = { env: BlockEnv; txs: Iterable<Bytes> };

/** Blocks that follow one another, for one engine's fork. Transactions are made while the block is run; once made, they stay. */
export function* randomBlocks(random: SeededRandom, fork: string, blocks: number, perBlock: number): Generator<RandomBlock> {
  const world: World = { random, coinbase: COINBASE, berlin: fork === "berlin" };
  for (let i = 0; i < blocks; i++) {
    world.coinbase = pick(random, [COINBASE, testAddress(2), emptyAccount(0), address("stops"), address("full"), SPECIAL[0] as Bytes]);
    const made: { raw: Bytes; sender: Bytes }[] = [];
    const env: BlockEnv = {
      number: blockNumber(i + 1),
      height: i + 1,
      timestamp: BigInt(1000 + i),
      coinbase: world.coinbase,
      prevRandao: sha256(u32be(i)),
      gasLimit: random.chance(0.3) ? BigInt(21_000 * perBlock) / 2n : 30_000_000n,
      baseFeePerGas: world.berlin ? undefined : BASE_FEE,
      blockHash: () => undefined,
      begin(journal) {
        world.journal = journal;
        if (i === 0) found(journal);
      },
      // Of some the sender is known, as in a node.
      sender: (at) => (at % 2 === 0 ? made[at]?.sender : undefined),
    };
    yield { env, txs: replayable(made, perBlock, () => transaction(world)) };
  }
}

function replayable(made: { raw: Bytes; sender: Bytes }[], count: number, make: () => { raw: Bytes; sender: Bytes }): Iterable<Bytes> {
  return {
    *[Symbol.iterator]() {
      for (let i = 0; i < count; i++) {
        made[i] ??= make();
        yield (made[i] as { raw: Bytes }).raw;
      }
    },
  };
}

function pick<T>(random: SeededRandom, from: readonly T[]): T {
  return from[random.integer(from.length)] as T;
}

function nonceOf({ journal }: World, who: number): bigint {
  return journal?.account(testAddress(who))?.nonce ?? 0n;
}

function transaction(world: World): { raw: Bytes; sender: Bytes } {
  const { random } = world;
  const from = random.integer(SENDERS);
  const nonce = nonceOf(world, from) + (random.chance(0.06) ? pick(random, [-1n, 1n, 2n]) : 0n);
  const fields = { ...plain(world, from), ...other(world, from), nonce: nonce < 0n ? 0n : nonce };
  return { raw: signTransaction(fields, testKey(from)), sender: testAddress(from) };
}

function plain(world: World, from: number): TransactionFields {
  const { random, berlin } = world;
  const type = pick(random, berlin ? ([0, 1] as const) : ([0, 1, 2, 2, 2] as const));
  const maxFeePerGas = pick(random, [BASE_FEE - 1n, BASE_FEE, BASE_FEE + 7n, 3n * BASE_FEE, 3n * BASE_FEE, 3n * BASE_FEE]);
  return {
    type,
    chainId: type === 0 && random.chance(0.3) ? undefined : random.chance(0.02) ? 1n : CHAIN,
    to: recipient(world, from),
    value: pick(random, [0n, 0n, 1n, 2n, 3n, 1000n, ETHER / 50n, ETHER, 2n * ETHER, MAX]),
    gasLimit: pick(random, [21_000n, 21_000n, 21_000n, 20_999n, 21_001n, 30_000n, 100_000n, 2n ** 24n, 2n ** 24n + 1n]),
    maxFeePerGas,
    maxPriorityFeePerGas: pick(random, [0n, 0n, 1n, BASE_FEE - 1n, maxFeePerGas, maxFeePerGas + 1n]),
    accessList: type > 0 && random.chance(0.2) ? [{ address: recipient(world, from), storageKeys: [sha256(u32be(1))] }] : [],
    data: random.chance(0.1) ? Uint8Array.of(1, 0) : undefined,
  };
}

function recipient(world: World, from: number): Bytes {
  const { random, coinbase } = world;
  const who = random.integer(SENDERS);
  return pick(random, [
    testAddress(who),
    testAddress(who),
    testAddress(from),
    coinbase,
    random.bytes(20),
    address(`fresh ${random.integer(5)}`),
    pick(random, SPECIAL),
    ECHO,
    pick(random, CONTRACTS)[0],
    address("full"),
    emptyAccount(random.integer(EMPTY)),
    created(world, who),
  ]);
}

/** What the last creations of a sender have made, or the next ones will. */
function created(world: World, who: number): Bytes {
  const nonce = nonceOf(world, who) + BigInt(world.random.integer(4));
  return createdAddress(testAddress(who), nonce < 2n ? nonce : nonce - 2n);
}

/** Now and then something that is no transfer: a creation (of what stays, of what goes at once), a delegation. */
function other(world: World, from: number): TransactionFields {
  const { random, berlin } = world;
  const good = { gasLimit: 200_000n, maxFeePerGas: 3n * BASE_FEE, maxPriorityFeePerGas: 1n, value: 1n, accessList: [], chainId: CHAIN };
  const kind = random.integer(12);
  if (kind === 0) return { ...good, to: null, data: CREATES_STOP };
  if (kind === 1) return { ...good, to: null, data: DESTROYS };
  if (kind !== 2 || berlin) return {};
  const who = random.integer(SENDERS);
  const to = random.chance(0.4) ? new Uint8Array(20) : address("stops");
  return { ...good, type: 4, authorizations: [authorization(who, to, nonceOf(world, who) + (who === from ? 1n : 0n))] };
}

function authorization(who: number, to: Bytes, nonce: bigint): (Bytes | bigint)[] {
  const message = keccak256(concatBytes(Uint8Array.of(5), rlpEncode([rlpInt(CHAIN), to, rlpInt(nonce)])));
  const { signature, yParity } = signHash(message, testKey(who));
  return [CHAIN, to, nonce, BigInt(yParity), bytesToBigInt(signature.subarray(0, 32)), bytesToBigInt(signature.subarray(32))];
}
