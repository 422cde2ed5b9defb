/** EIP-7702's authorizations against the library's own way with them: authorities, state, gas. */

import { Capability, createEOACode7702Tx, createTxFromRLP, type TypedTransaction } from "@ethereumjs/tx";
import { eoaCode7702RecoverAuthority } from "@ethereumjs/util";
import { type RunTxResult, runTx } from "@ethereumjs/vm";
import { blockNumber } from "@noema/core/block-number";
import { bytesToBigInt, concatBytes, equalBytes, to0x, toHex, ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSeededRandom, type SeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { rlpEncode, rlpInt } from "../../rlp/encode.ts";
import { authorityOf } from "../../rules/authorizations.ts";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from "../../state/account.ts";
import { createJournal, type Journal } from "../../state/journal.ts";
import { CHAIN_ID, COINBASE, echoPrecompiles, testAddress, testKey } from "../../testing/chain.ts";
import { signHash } from "../../transactions/secp256k1.ts";
import { CURVE_ORDER } from "../../transactions/signature.ts";
import type { Authorization } from "../../transactions/transaction.ts";
import type { BlockEnv } from "../engine.ts";
import { withAuthorizations } from "./authorizations.ts";
import { evmBlock } from "./evm-block.ts";
import { createMachine, type Machine } from "./machine.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
const KEYS = 6;
const CODE = Uint8Array.of(0x60, 0x01, 0x5f, 0x55, 0x00);
const DELEGATED = concatBytes(Uint8Array.of(0xef, 1, 0), testAddress(9));
const codes = new Map([CODE, DELEGATED].map((code) => [toHex(keccak256(code)), code]));
/** Account 0 sends; 1 has code, 2 is delegated, 3 is plain, 4 has used its nonces up, 5 is absent. */
const accounts = new Map(
  [
    { ...EMPTY_ACCOUNT, balance: 10n ** 21n },
    { ...EMPTY_ACCOUNT, codeHash: keccak256(CODE) },
    { ...EMPTY_ACCOUNT, nonce: 1n, codeHash: keccak256(DELEGATED) },
    { ...EMPTY_ACCOUNT, balance: 1n },
    { ...EMPTY_ACCOUNT, nonce: 2n ** 64n - 2n },
  ].map((account, i) => [toHex(testAddress(i)), account]),
);
const below = {
  account: (address: Bytes) => accounts.get(toHex(address)),
  slot: () => new Uint8Array(0),
  code: (hash: Bytes) => (equalBytes(hash, EMPTY_CODE_HASH) ? new Uint8Array(0) : (codes.get(toHex(hash)) as Bytes)),
};
const env: BlockEnv = {
  number: blockNumber(1),
  height: 1,
  timestamp: 1n,
  coinbase: COINBASE,
  prevRandao: ZERO_HASH,
  gasLimit: 30_000_000n,
  baseFeePerGas: 7n,
  blockHash: () => undefined,
};

const oneOf = <T>(random: SeededRandom, of: readonly T[]): T => of[random.integer(of.length)] as T;

function authorization(random: SeededRandom): Authorization {
  const key = random.integer(KEYS);
  const chainId = BigInt(oneOf(random, [0, CHAIN_ID, CHAIN_ID, CHAIN_ID + 1]));
  const nonce = oneOf(random, [0n, 0n, 0n, 1n, 1n, 2n, 2n ** 64n - 2n, 2n ** 64n - 1n]);
  const address = oneOf(random, [new Uint8Array(20), testAddress(7), testAddress(8)]);
  const message = keccak256(concatBytes(Uint8Array.of(5), rlpEncode([rlpInt(chainId), address, rlpInt(nonce)])));
  const { signature, yParity } = signHash(message, testKey(key));
  const [r, s] = [bytesToBigInt(signature.subarray(0, 32)), bytesToBigInt(signature.subarray(32))];
  const good = { chainId, address, nonce, yParity, r, s };
  switch (random.integer(12)) {
    case 0:
      return { ...good, s: CURVE_ORDER - s, yParity: 1 - good.yParity };
    case 1:
      return { ...good, yParity: oneOf(random, [2, 27, 28, 255]) };
    case 2:
      return { ...good, r: oneOf(random, [0n, CURVE_ORDER, CURVE_ORDER + 1n, bytesToBigInt(random.bytes(32))]) };
    case 3:
      return { ...good, s: oneOf(random, [0n, CURVE_ORDER, CURVE_ORDER >> 1n, (CURVE_ORDER >> 1n) + 1n]) };
    default:
      return good;
  }
}

it("finds the library's authorities", () => {
  console.log(`NOEMA_SEED=${seed}`);
  const random = createSeededRandom(seed);
  let found = 0;
  for (let i = 0; i < 300; i++) {
    const a = authorization(random);
    let theirs: string | undefined;
    if (a.s <= CURVE_ORDER >> 1n && a.yParity <= 1) {
      const fields = [rlpInt(a.chainId), a.address, rlpInt(a.nonce), rlpInt(a.yParity), rlpInt(a.r), rlpInt(a.s)] as const;
      try {
        theirs = eoaCode7702RecoverAuthority([...fields]).toString();
      } catch {} // no key fits
    }
    const mine = authorityOf(a);
    if (mine !== undefined) found++;
    expect(
      mine && to0x(mine),
      JSON.stringify(a, (_, value) => (typeof value === "bigint" ? String(value) : value)),
    ).toBe(theirs);
  }
  expect(found).toBeGreaterThan(100);
});

type Through = typeof withAuthorizations<RunTxResult>;

async function run(machine: Machine, raw: Bytes, list: readonly Authorization[], through: Through): Promise<unknown> {
  const journal: Journal = createJournal(below);
  machine.state.use(journal);
  machine.vm.evm.journal.cleanJournal();
  const tx = createTxFromRLP(raw, { common: machine.vm.common, freeze: false });
  const block = evmBlock(env, machine);
  const { totalGasSpent, gasRefund, execResult } = await through(machine, journal, list, tx, () => runTx(machine.vm, { tx, block }));
  return { totalGasSpent, gasRefund, output: toHex(execResult.returnValue), error: execResult.exceptionError?.error, diff: journal.diff() };
}

it("leaves the state, the gas and the refund that the library leaves", async () => {
  const machine = await createMachine("osaka", CHAIN_ID, echoPrecompiles());
  const random = createSeededRandom(`${seed}/blocks`);
  const hex = (n: bigint | number) => (n === 0n ? "0x" : to0x(rlpInt(BigInt(n)))) as `0x${string}`;
  for (let i = 0; i < 25; i++) {
    const list = Array.from({ length: 1 + random.integer(6) }, () => authorization(random));
    const authorizationList = list.map((a) => ({
      chainId: hex(a.chainId),
      address: to0x(a.address) as `0x${string}`,
      nonce: hex(a.nonce),
      yParity: hex(a.yParity),
      r: hex(a.r),
      s: hex(a.s),
    }));
    const to = to0x(testAddress(random.integer(KEYS))) as `0x${string}`;
    const fees = { maxFeePerGas: 10n, maxPriorityFeePerGas: 1n, gasLimit: 400_000n, chainId: BigInt(CHAIN_ID) };
    const tx = createEOACode7702Tx({ ...fees, to, authorizationList }, { common: machine.vm.common, freeze: false }).sign(testKey(0));
    const raw = tx.serialize();
    const mine = await run(machine, raw, list, withAuthorizations);
    expect(mine).toEqual(await run(machine, raw, list, (_machine, _journal, _list, _tx, go) => go()));
  }
});

it("does not let the library see them: it would recover each in JavaScript", async () => {
  const machine = await createMachine("osaka", CHAIN_ID, echoPrecompiles());
  const item = { chainId: 0n, address: new Uint8Array(20), nonce: 0n, yParity: 0, r: 0n, s: 0n };
  const tx = { supports: () => true } as unknown as TypedTransaction;
  const seen = async () => [tx.supports(Capability.EIP7702EOACode), tx.supports(Capability.EIP1559FeeMarket)];
  expect(await withAuthorizations(machine, createJournal(below), [item], tx, seen)).toEqual([false, true]);
});
