/** A chain of this process to attack: the execution service over a store on disk, with a large state, and blocks that are measured. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { to0x, u32be, ZERO_HASH } from "@noema/core/bytes";
import type { Genesis } from "@noema/core/genesis";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ExecutionService } from "@noema/execution/api";
import { rlpEncode, rlpInt } from "@noema/execution/rlp/encode";
import { forkOf } from "@noema/execution/rules/forks";
import { createExecutionService } from "@noema/execution/service";
import { STATE_TABLES } from "@noema/execution/tables";
import { createBatchChecker } from "@noema/execution/transactions/check-batch";
import { identifyHere } from "@noema/execution/transactions/identify";
import { signTransaction, type TransactionFields } from "@noema/execution/transactions/testing/sign-transaction";
import { openLmdbStore } from "@noema/node/store/lmdb-store";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { genesisSource } from "@noema/precompiles/genesis-models";
import type { LoadedModel } from "@noema/precompiles/model/load";
import { createPrecompileSet } from "@noema/precompiles/set/precompile-set";
import { FORK, initCode } from "./code.ts";
import { addressOf, type StateSize, stateAlloc } from "./state.ts";

export const CHAIN_ID = 31337n;
const COINBASE = new Uint8Array(20).fill(0xcb);
/** EIP-7825. */
export const TRANSACTION_GAS = 2 ** 24;
/** Of a block here: what is measured is bounded by the caller, and set-up has to fit. */
const BLOCK_GAS = 2n ** 34n;
const DEPLOY_GAS = 16_000_000n;

export type Sent = Omit<TransactionFields, "chainId" | "nonce" | "maxFeePerGas"> & { gasLimit: bigint };
export type Measured = { gas: number; used: number; cpuMs: number; wallMs: number; failed: number };

export type Chain = {
  /** A contract that exists from the next block on. */
  deploy(code: Bytes): Bytes;
  /** Runs what was deployed. */
  settle(): Promise<void>;
  /** The same transactions in one block, by other senders each, on caches that hold nothing. */
  measure(txs: readonly Sent[]): Promise<Measured>;
  /** A number that was not given before, for slots and addresses that do not exist yet. */
  fresh(): bigint;
  readonly size: StateSize;
  readonly models: readonly LoadedModel[];
  close(): Promise<void>;
};

function senderKey(index: number): Bytes {
  return sha256(u32be(index), Uint8Array.of(1));
}

export async function openChain(size: StateSize, models: readonly LoadedModel[]): Promise<Chain> {
  const folder = mkdtempSync(join(tmpdir(), "noema-worst-block-"));
  const kv = openLmdbStore(join(folder, "state.mdb"), STATE_TABLES);
  const senders = Array.from({ length: size.senders }, (_, i) => {
    const key = senderKey(i);
    return { key, address: addressOf(key), nonce: 0n };
  });
  const genesis: Genesis = {
    chainId: Number(CHAIN_ID),
    timestampMs: 1_700_000_000_000,
    salt: to0x(ZERO_HASH),
    dev: true,
    fork: FORK,
    validators: [],
    consensus: {},
    // Little history, so that every block also lets go of one before it, as on a chain that has run for long.
    execution: {
      gasLimit: String(BLOCK_GAS),
      history: 2,
      alloc: stateAlloc(
        size,
        senders.map(({ address }) => address),
      ),
    },
    da: {},
    inference: {},
  };
  let service: ExecutionService;
  /** Anew over the same store: nothing is in memory, as for what nobody has touched for long. */
  async function open(): Promise<void> {
    const precompiles = createPrecompileSet({ source: genesisSource(models), backend: createBackend("wasm"), ready: models });
    service = createExecutionService({ kv, precompiles, genesis, genesisHash: sha256(Uint8Array.of(7)), logger: { log: () => undefined } });
    height = (await service.start()).result.height;
  }
  let height = 0;
  await open();
  const limits = { chainId: CHAIN_ID, fork: forkOf(FORK), maxTransactions: 1e9, maxBytes: 1e12, maxGas: 2n ** 60n };
  let next = 0;
  let queue: Bytes[] = [];
  let unique = 1n << 100n;

  function sign(fields: Sent): Bytes {
    const sender = senders[next++ % senders.length] as (typeof senders)[number];
    return signTransaction({ ...fields, chainId: CHAIN_ID, nonce: sender.nonce++, maxFeePerGas: 10n ** 12n }, sender.key);
  }

  async function block(txs: readonly Bytes[]) {
    height++;
    const executed = await service.execute({
      height,
      parentConsensusHash: sha256(u32be(height)),
      timestampMs: genesis.timestampMs + 1000 * height,
      coinbase: COINBASE,
      prevRandao: sha256(u32be(height), Uint8Array.of(9)),
      system: [],
      txs,
    });
    if (executed.skipped.length > 0) throw new Error(`a transaction of an attack was skipped: ${executed.skipped[0]?.code}`);
    return executed;
  }

  return {
    size,
    models,
    fresh: () => (unique += 1n << 40n),
    deploy(code) {
      const sender = senders[next % senders.length] as (typeof senders)[number];
      const address = keccak256(rlpEncode([sender.address, rlpInt(sender.nonce)])).subarray(12);
      queue.push(sign({ to: null, data: initCode(code), gasLimit: DEPLOY_GAS }));
      return address;
    },
    async settle() {
      const { failed } = await block(queue);
      if (failed > 0) throw new Error("a contract of an attack could not be deployed");
      queue = [];
    },
    async measure(txs) {
      const raws = txs.map(sign);
      await open();
      await block([]);
      const check = createBatchChecker(limits, identifyHere); // another validator's batch: nothing is known of it
      const cpu = process.cpuUsage();
      const started = performance.now();
      const checked = await check.check(raws);
      const { result, failed } = await block(raws);
      const wallMs = performance.now() - started;
      const { user, system } = process.cpuUsage(cpu);
      if ("invalid" in checked) throw new Error(`an attack is no valid batch: ${checked.invalid}`);
      return {
        gas: Number(txs.reduce((sum, tx) => sum + tx.gasLimit, 0n)),
        used: Number(result.gasUsed),
        cpuMs: (user + system) / 1000,
        wallMs,
        failed,
      };
    },
    async close() {
      await service.stop();
      await kv.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
