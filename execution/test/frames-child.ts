/**
 * Random contracts that call, create and destroy each other, on the engine's EVM or on the library's as it comes:
 *   node frames-child.ts library|ours SEED COUNT
 * Prints a line for each seed: what was used, returned, logged, created, destroyed, warmed and changed. Processes apart, since the
 * engine changes the library's class.
 */
import { createEVM, type EVM, EVMError } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { concatBytes, toHex, u32be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSharedCommon } from "../src/engine/reference/common.ts";
import { createMachine } from "../src/engine/reference/machine.ts";
import { createStateManager, type SwitchableState } from "../src/engine/reference/state-manager.ts";
import { FORKS } from "../src/rules/forks.ts";
import { EMPTY_CODE_HASH } from "../src/state/account.ts";
import { createJournal } from "../src/state/journal.ts";
import { echoPrecompiles } from "../src/testing/chain.ts";
import { EMPTY_ROOT } from "../src/trie/node.ts";

const [who, from, count] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const NOTHING = new Uint8Array(0);

async function engineOf(fork: string): Promise<{ evm: EVM; state: SwitchableState }> {
  if (who === "ours") {
    const { vm, state } = await createMachine(fork, 1, echoPrecompiles());
    return { evm: vm.evm as EVM, state };
  }
  const state = createStateManager();
  return { evm: await createEVM({ common: createSharedCommon(fork, 1), stateManager: state }), state };
}

function createRandom(seed: number) {
  let counter = 0;
  const below = (n: number) => Buffer.from(sha256(u32be(seed), u32be(counter++))).readUInt32BE() % n;
  const pick = <T>(values: readonly T[]) => values[below(values.length)] as T;
  return { below, pick };
}
type Random = ReturnType<typeof createRandom>;

const contract = (i: number) => concatBytes(new Uint8Array(19), Uint8Array.of(0xc0 + i));
const CONTRACTS = 5;

/** Mostly sensible pieces, so that programs live for a while; some bytes of any kind. */
function program(random: Random, depth: number): Bytes {
  const { below, pick } = random;
  const small = () => [0x60, pick([0, 1, 2, 5, 32, 64, 255])];
  const address = () =>
    below(3) === 0 ? [0x60, pick([1, 2, 3, 4, 5, 6, 9, 0x77])] : below(8) === 0 ? [0x30] : [0x60, 0xc0 + below(CONTRACTS + 1)];
  const gas = () => pick([[0x5a], [0x61, 0x10, 0], [0x61, 0xff, 0xff], [0x5f], [0x60, 30]]);
  const bytes = (list: number[][]) => list.flat();
  const push0 = [0x60, 0];
  const call = (opcode: number, value: boolean) =>
    bytes([
      small(),
      small(),
      small(),
      small(),
      ...(value ? [[0x60, pick([0, 0, 0, 1, 7])]] : []),
      address(),
      gas(),
      [opcode],
      pick([[0x50], [0x60, 0x01, 0x55]]),
    ]);
  const pieces: (() => number[])[] = [
    () => call(0xf1, true),
    () => call(0xf1, true),
    () => call(0xf2, true),
    () => call(0xf4, false),
    () => call(0xfa, false),
    () => bytes([small(), small(), [0x55]]),
    () => bytes([small(), [0x54, 0x50]]),
    () => bytes([small(), small(), [pick([0x52, 0x53])]]),
    () => bytes([small(), small(), small(), [pick([0x37, 0x39, 0x3e])]]),
    () => bytes([small(), small(), small(), address(), [0x3c]]),
    () => bytes([address(), [pick([0x31, 0x3b, 0x3f]), 0x50]]),
    () => bytes([small(), small(), small(), [pick([0xa0, 0xa1])]]),
    () => bytes([[0x3d, 0x50, 0x5a, 0x50, 0x47, 0x50]]),
    () => [0x58, 0x60, pick([4, 5, 5, 5, 6]), 0x01, 0x56, 0x5b],
    () => [0x60, below(2), 0x58, 0x60, pick([4, 5, 5, 5]), 0x01, 0x57, 0x5b],
    () => (depth > 0 ? create(random, depth - 1) : []),
    () => (below(4) === 0 ? bytes([address(), [0xff]]) : []),
    () => (below(4) === 0 ? bytes([small(), small(), [pick([0xf3, 0xfd])]]) : []),
    () => (below(12) === 0 ? [below(256)] : []),
    () => (below(6) === 0 ? bytes([small(), push0, [0x5d]]) : bytes([push0, [0x5c, 0x50]])),
  ];
  return Uint8Array.from(Array.from({ length: 4 + below(14) }, () => pick(pieces)()).flat());
}

/** Init code into memory by pushes of a word, then CREATE or CREATE2. */
function create(random: Random, depth: number): number[] {
  const init = program(random, depth).subarray(0, 96);
  const words = [0, 32, 64].flatMap((at) => {
    const word = new Uint8Array(32);
    word.set(init.subarray(at, at + 32));
    return [0x7f, ...word, 0x60, at, 0x52];
  });
  const salt = random.below(2) === 0 ? [0x60, random.below(3)] : [];
  return [...words, ...salt, 0x60, init.length, 0x60, 0, 0x60, random.pick([0, 0, 1]), salt.length > 0 ? 0xf5 : 0xf0, 0x50];
}

/** The library's own has no fees, and its BASEFEE and BLOBBASEFEE throw past the EVM. */
const BLOCK = {
  header: {
    number: 1n,
    coinbase: new Address(contract(1)),
    timestamp: 1_700_000_000n,
    difficulty: 0n,
    prevRandao: new Uint8Array(32),
    gasLimit: 30_000_000n,
    baseFeePerGas: 7n,
    getBlobGasPrice: () => 1n,
  },
};

async function one(seed: number): Promise<string> {
  const random = createRandom(seed);
  const { evm, state } = engines[seed % engines.length] as (typeof engines)[number];
  const codes = new Map<string, Bytes>();
  const accounts = new Map(
    Array.from({ length: CONTRACTS }, (_, i) => {
      const delegated = random.below(8) === 0;
      const code = delegated ? concatBytes(Uint8Array.of(0xef, 1, 0), contract(random.below(CONTRACTS))) : program(random, 2);
      const codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256(code);
      codes.set(toHex(codeHash), code);
      return [toHex(contract(i)), { nonce: 1n, balance: BigInt(random.below(3) * 100), codeHash, storageRoot: EMPTY_ROOT }] as const;
    }),
  );
  const journal = createJournal({
    account: (address) => accounts.get(toHex(address)),
    slot: (_, key) => (key[31] === 1 ? Uint8Array.of(5) : NOTHING),
    code: (hash) => codes.get(toHex(hash)) ?? NOTHING,
  });
  state.use(journal);
  evm.journal.cleanJournal();
  for (const address of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress(address);
  const gasLimit = BigInt(random.pick([3_000_000, 400_000, 60_000, 9_000]));
  const { execResult } = await evm.runCall({
    to: new Address(contract(0)),
    gasLimit,
    value: 0n,
    data: sha256(u32be(seed)),
    skipBalance: true,
    block: BLOCK,
  });
  const warm = Array.from({ length: CONTRACTS }, (_, i) => evm.journal.isWarmedAddress(contract(i)));
  await evm.journal.cleanup();
  const error = String(execResult.exceptionError?.error ?? "none");
  const text = JSON.stringify(
    {
      error: error.startsWith(EVMError.errorMessages.INVALID_JUMP) ? EVMError.errorMessages.INVALID_JUMP : error,
      gas: execResult.executionGasUsed,
      refund: execResult.gasRefund,
      output: execResult.returnValue,
      logs: execResult.logs,
      gone: [...(execResult.selfdestruct?.keys() ?? [])],
      made: [...(execResult.createdAddresses ?? [])],
      warm,
      diff: journal
        .diff()
        .accounts.map(({ address, after, cleared, slots }) => [
          toHex(address),
          after && [after.nonce, after.balance, after.codeHash],
          cleared,
          slots.map(({ key, value }) => [toHex(key), value]).sort(),
        ])
        .sort(), // a diff has no order: what a frame that was rolled back had met may come earlier in one engine than in the other
    },
    (_, value) => (typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? toHex(value) : value),
  );
  return `${seed} ${execResult.executionGasUsed} ${error.split(" at ")[0]} ${toHex(sha256(new TextEncoder().encode(text)))}`;
}

const engines = await Promise.all(FORKS.map(engineOf));
for (let seed = from; seed < from + count; seed++) process.stdout.write(`${await one(seed)}\n`);
