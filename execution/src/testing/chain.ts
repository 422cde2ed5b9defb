/** A small chain for tests: a service over a memory store, funded accounts, signed transactions, an echo precompile. */
import { createFeeMarket1559Tx, type FeeMarketEIP1559TxData } from "@ethereumjs/tx";
import { createAddressFromPrivateKey } from "@ethereumjs/util";
import { fromHex, to0x, u32be, ZERO_HASH } from "@noema/core/bytes";
import type { Genesis } from "@noema/core/genesis";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Precompile, PrecompileSet } from "@noema/core/ports/precompiles";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import type { BlockInput, ExecutedBlock, ExecutionService, NextBlock, SystemInput, TransactionFailure } from "../api.ts";
import { splitHashes } from "../blocks/hashes.ts";
import { createSharedCommon } from "../engine/reference/common.ts";
import type { ExecutionOptions } from "../options.ts";
import type { BlockRecord, ReceiptRecord } from "../records.ts";
import { createExecutionService } from "../service.ts";

export const CHAIN_ID = 31337;
export const ECHO: Bytes = fromHex("0x0000000000000000000000000000000000000a00");
export const COINBASE: Bytes = fromHex("0x00000000000000000000000000000000000000cb");

const common = createSharedCommon("osaka", CHAIN_ID);

export function testKey(index: number): Bytes {
  return sha256(u32be(index), Uint8Array.of(1));
}

export function testAddress(index: number): Bytes {
  return createAddressFromPrivateKey(testKey(index)).bytes;
}

/** Raw bytes of a type-2 transaction signed by the account of that index. */
export function signedTx(index: number, data: FeeMarketEIP1559TxData): Bytes {
  const defaults = { gasLimit: 100_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n, chainId: BigInt(CHAIN_ID) };
  return createFeeMarket1559Tx({ ...defaults, ...data }, { common, freeze: false })
    .sign(testKey(index))
    .serialize();
}

export function testGenesis(accounts: number, alloc: Record<string, unknown> = {}, section: Record<string, unknown> = {}): Genesis {
  const funded = Object.fromEntries(
    Array.from({ length: accounts }, (_, i) => [to0x(testAddress(i)), { balance: "1000000000000000000000" }]),
  );
  return {
    chainId: CHAIN_ID,
    timestampMs: 1_700_000_000_000,
    salt: to0x(ZERO_HASH),
    dev: true,
    fork: "osaka",
    validators: [],
    consensus: {},
    execution: { alloc: { ...funded, ...alloc }, ...section },
    da: {},
    inference: {},
  };
}

export type EchoSet = PrecompileSet & { log: string[]; missing: boolean; precompiles: [Precompile] };

/** Answers its input for 3 gas a byte; reverts with it, for as much, where it begins with 0xff. */
export function echoPrecompiles(): EchoSet {
  const set: EchoSet = {
    log: [],
    missing: false,
    beginBlock({ height }) {
      set.log.push(`block ${height}`);
    },
    beginTx() {
      set.log.push("tx");
      return { units: 0, warm: new Set() };
    },
    precompiles: [
      {
        address: ECHO,
        run(input) {
          set.log.push(`run ${input.length}`);
          return { ok: input[0] !== 0xff, output: input.slice(), gasUsed: 3 * input.length };
        },
      },
    ],
  };
  return set;
}

/** With what is asked for elsewhere, of blocks of few transactions. No height is bare where no genesis says `instant`. */
type Executed = Omit<ExecutedBlock, "block" | "included"> & {
  block: BlockRecord;
  included: { hash: Hash; sender: Bytes; ok: boolean; failure?: TransactionFailure }[];
  receipts: ReceiptRecord[];
};
export type TestService = Omit<ExecutionService, "execute"> & { execute(block: BlockInput, stored?: Promise<void>): Promise<Executed> };

function withDetails({ block, included, shown, ...rest }: ExecutedBlock): Executed {
  if (shown.length < rest.txs) throw new Error(`a block of ${rest.txs} transactions`);
  return {
    ...rest,
    shown,
    block: (block && { ...block, txHashes: splitHashes(included) }) as BlockRecord,
    included: shown.map(({ txHash: hash, from: sender, ok, failure }) => ({ hash, sender, ok, failure })),
    receipts: shown.map(({ failure: _, ...receipt }) => receipt),
  };
}

export type TestChain = {
  service: TestService;
  kv: ReturnType<typeof createMemoryStore>;
  precompiles: EchoSet;
  /** Input of the block of this height; every field a function of the height. */
  input(height: number, txs?: readonly Bytes[], system?: readonly SystemInput[]): BlockInput;
  /** What the next block would be, some seconds after the block of this height. */
  next(height: number, txs?: readonly Bytes[], seconds?: number): NextBlock;
  /** Another service over the same store, with another `history` in its genesis. */
  reopen(history?: number): Promise<ExecutionService>;
};

type Options = {
  accounts?: number;
  alloc?: Record<string, unknown>;
  history?: number;
  genesis?: Partial<Genesis>;
  options?: Partial<ExecutionOptions>;
  /** A clock that stands still where there is none: the pool's transactions have all the time they need. */
  nowMs?: () => number;
};

export async function startChain(o: Options = {}): Promise<TestChain> {
  const kv = createMemoryStore();
  const precompiles = echoPrecompiles();
  const open = async (set: PrecompileSet, history = o.history) => {
    const init = {
      kv,
      precompiles: set,
      genesis: { ...testGenesis(o.accounts ?? 4, o.alloc, history === undefined ? {} : { history }), ...o.genesis },
      genesisHash: sha256(Uint8Array.of(7)),
      logger: { log: () => undefined },
      options: o.options,
      nowMs: o.nowMs ?? (() => 0),
    };
    const service = createExecutionService(init);
    await service.start();
    return service;
  };
  let version = 0;
  const service = await open(precompiles);
  return {
    service: { ...service, execute: async (block, stored) => withDetails(await service.execute(block, stored)) },
    kv,
    precompiles,
    input: (height, txs = [], system = []) => ({
      height,
      parentConsensusHash: sha256(u32be(height - 1)),
      timestampMs: 1_700_000_000_000 + 2000 * height,
      coinbase: COINBASE,
      prevRandao: sha256(u32be(height), Uint8Array.of(9)),
      system,
      txs,
    }),
    next: (height, txs = [], seconds = 2) => ({
      timestampMs: 1_700_000_000_000 + 2000 * height + 1000 * seconds,
      pool: { version: ++version, txs },
    }),
    reopen: (history) => open(echoPrecompiles(), history),
  };
}
