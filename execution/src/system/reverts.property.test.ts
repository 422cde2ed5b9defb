/** Any heights of operations, transfers, snapshots and ways back against lists of accounts, with a crash at any of their writes. */
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { blockNumber } from "@noema/core/block-number";
import { fromHex, to0x, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { BlockInput, ExecutedBlock, ExecutionService, SystemInput } from "../api.ts";
import { splitHashes } from "../blocks/hashes.ts";
import { EMPTY_ACCOUNT, encodeLeaf } from "../state/account.ts";
import { signedTx, startChain, type TestChain, testAddress } from "../testing/chain.ts";
import { INSTANT, revertInput, setInput, snapshotInput } from "../testing/operations.ts";
import { OUTCOME } from "./outcomes.ts";

const PEOPLE = [0, 1, 2, 3].map(testAddress);
const ETHER = 10n ** 18n;
const MAX_FEE = 10n ** 10n;
const GAS = 21_000n;
/** A chain begins with two funded accounts of the four. */
const FUNDED = 2;

type Account = { balance: bigint; nonce: bigint };
type Set = { who: number; balance?: bigint; nonce?: bigint };
type Transfer = { from: number; to: number; nonce: bigint; value: bigint };
/** In place of a height's sets and transfers. `pick`: among all ids that there have been, so also of one that serves no more. */
type Control = { kind: "snapshot" } | { kind: "revert"; pick: number } | { kind: "reset" };
/** `crash`: at the height's write, before it or before its answer. */
type Step = { sets: Set[]; transfers: Transfer[]; control?: Control; crash: "no" | "before" | "after" };
/** By number: accounts until the next block, and hashes. */
type Chain = { states: Account[][]; hashes: string[] };

const who = fc.nat(PEOPLE.length - 1);
const amount = fc.constantFrom(0n, 1n, ETHER / 1000n, ETHER, 3n * ETHER);
const set: fc.Arbitrary<Set> = fc.record(
  { who, balance: amount, nonce: fc.constantFrom(0n, 1n, 2n, 5n, 2n ** 64n - 1n) },
  { requiredKeys: ["who"] },
);
const transfer: fc.Arbitrary<Transfer> = fc.record({ from: who, to: who, nonce: fc.bigInt(0n, 5n), value: amount });
const crash = fc.constantFrom("no" as const, "before" as const, "after" as const);
const control: fc.Arbitrary<Control> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "snapshot" as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("revert" as const), pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "reset" as const }) },
);
const changes = fc.record({ sets: fc.array(set, { maxLength: 3 }), transfers: fc.array(transfer, { maxLength: 3 }), crash });
const controls = fc.record({ sets: fc.constant<Set[]>([]), transfers: fc.constant<Transfer[]>([]), control, crash });
const step: fc.Arbitrary<Step> = fc.oneof({ weight: 2, arbitrary: changes }, { weight: 1, arbitrary: controls });

function modelAfter(model: Account[], { sets, transfers }: Step, baseFee: bigint): Account[] {
  const now = model.map((account) => ({ ...account }));
  const at = (i: number) => now[i] as Account;
  for (const { who, balance, nonce } of sets) {
    if (nonce !== undefined && nonce > 2n ** 64n - 2n) continue;
    at(who).balance = balance ?? at(who).balance;
    at(who).nonce = nonce ?? at(who).nonce;
  }
  for (const { from, to, nonce, value } of transfers) {
    const sender = at(from);
    if (sender.nonce !== nonce || sender.balance < GAS * MAX_FEE + value) continue;
    sender.balance -= GAS * baseFee + value;
    sender.nonce++;
    at(to).balance += value;
  }
  return now;
}

function controlInput(control: Control, ids: number): SystemInput {
  if (control.kind === "snapshot") return snapshotInput();
  return revertInput(control.kind === "reset" ? "genesis" : { snapshot: control.pick % Math.max(1, ids) });
}

/** `ids`: how many snapshots there have been. */
function inputOf(chain: TestChain, height: number, { sets, transfers, control }: Step, ids: number): BlockInput {
  if (control !== undefined) return chain.input(height, [], [controlInput(control, ids)]);
  const txs = transfers.map(({ from, to, nonce, value }) =>
    signedTx(from, {
      nonce,
      to: to0x(PEOPLE[to] as Uint8Array) as `0x${string}`,
      value,
      gasLimit: GAS,
      maxFeePerGas: MAX_FEE,
      maxPriorityFeePerGas: 0n,
    }),
  );
  return chain.input(
    height,
    txs,
    sets.map(({ who, ...values }) => setInput({ address: PEOPLE[who] as Uint8Array, ...values })),
  );
}

async function executeThrough(chain: TestChain, service: ExecutionService, input: BlockInput, crash: Step["crash"]) {
  if (crash === "no") return { service, executed: await service.execute(input) };
  const { kv } = chain;
  const { write } = kv;
  kv.write = async (ops, durable) => {
    if (crash === "after") await write(ops, durable);
    throw new Error("killed");
  };
  await expect(service.execute(input)).rejects.toThrow("killed");
  kv.write = write;
  kv.crash();
  const again = await chain.reopen();
  return { service: again, executed: await again.execute(input) };
}

async function accountsAt(service: ExecutionService, number: number): Promise<Account[]> {
  const records = await Promise.all(PEOPLE.map((address) => service.account(blockNumber(number), address)));
  return records.map(({ balance, nonce }) => ({ balance, nonce }));
}

/** The model's half of a control. Whether it can be done. */
function applyControl(control: Control, now: Chain, snapshots: (Chain | undefined)[], genesis: Chain): Chain | undefined {
  if (control.kind === "snapshot") {
    snapshots.push(now);
    return now;
  }
  if (control.kind === "reset") {
    snapshots.fill(undefined);
    return genesis;
  }
  const id = control.pick % Math.max(1, snapshots.length);
  const target = snapshots[id];
  if (target !== undefined) snapshots.fill(undefined, id);
  return target;
}

it("accounts, numbers, hashes, receipts and roots are the model's, through crashes at any write", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const chain = await startChain({ accounts: FUNDED, genesis: INSTANT });
      const whole = await startChain({ accounts: FUNDED, genesis: INSTANT });
      let service: ExecutionService = chain.service as unknown as ExecutionService;
      const first: Account[] = PEOPLE.map((_, i) => ({ balance: i < FUNDED ? 1000n * ETHER : 0n, nonce: 0n }));
      const genesis: Chain = { states: [first], hashes: [to0x((await service.block(blockNumber(0)))?.hash as Uint8Array)] };
      const snapshots: (Chain | undefined)[] = [];
      const included = new Map<string, string[]>();
      let now = genesis;
      let executed: ExecutedBlock | undefined;
      for (const [i, next] of steps.entries()) {
        const input = inputOf(chain, i + 1, next, snapshots.length);
        ({ service, executed } = await executeThrough(chain, service, input, next.crash));
        expect(executed.result).toEqual((await whole.service.execute(input)).result);
        for (const hash of splitHashes(executed.included)) {
          const blocks = included.get(to0x(hash)) ?? [];
          included.set(to0x(hash), [...blocks, to0x(executed.result.evmBlockHash)]);
        }
        if (next.control === undefined) {
          const isBare = next.transfers.length === 0;
          const after = modelAfter(now.states.at(-1) as Account[], next, executed.block?.baseFeePerGas ?? 0n);
          const kept = isBare ? { states: now.states.slice(0, -1), hashes: now.hashes.slice(0, -1) } : now;
          now = { states: [...kept.states, after], hashes: [...kept.hashes, to0x(executed.result.evmBlockHash)] };
          expect(executed.block === undefined).toBe(isBare);
          expect(executed.operations.map((x) => x.outcome === OUTCOME.done)).toEqual(next.sets.map((x) => x.nonce !== 2n ** 64n - 1n));
        } else {
          const target = applyControl(next.control, now, snapshots, genesis);
          expect(executed.operations.map((x) => x.outcome)).toEqual([target === undefined ? OUTCOME.snapshotUnknown : OUTCOME.done]);
          if (next.control.kind === "snapshot") expect(executed.operations[0]?.value).toBe(snapshots.length - 1);
          now = target ?? now;
        }
        expect([executed.result.number, to0x(executed.result.evmBlockHash)]).toEqual([now.states.length - 1, now.hashes.at(-1)]);
      }
      for (const [number, accounts] of now.states.entries()) expect(await accountsAt(service, number)).toEqual(accounts);
      for (const [number, hash] of now.hashes.entries()) {
        const block = await service.block(blockNumber(number));
        expect(to0x(block?.hash as Uint8Array)).toBe(hash);
        if (number > 0) expect(to0x(block?.parentHash as Uint8Array)).toBe(now.hashes[number - 1]);
      }
      expect(await service.block(blockNumber(now.hashes.length))).toBeUndefined();
      for (const [hash, blocks] of included) {
        const receipt = await service.receipt(fromHex(hash));
        expect(receipt && to0x(receipt.blockHash)).toBe(blocks.find((x) => now.hashes.includes(x)));
      }
      for (const address of PEOPLE) {
        const { account, accountProof } = await service.proof(blockNumber(now.states.length - 1), address, []);
        expect(toHex(keccak256(accountProof[0] as Uint8Array))).toBe(toHex((executed as ExecutedBlock).result.stateRoot));
        const proven = await verifyMerkleProof(keccak256(address), accountProof);
        if (proven === null) expect(account).toEqual(EMPTY_ACCOUNT);
        else expect(proven).toEqual(encodeLeaf(account));
      }
    }),
    { numRuns: 40 },
  );
});
