/** Any heights of operations, transfers and blocks that are asked for, against a Map of accounts and a list of blocks, with a crash at any write. */
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { blockNumber } from "@noema/core/block-number";
import { to0x, toHex } from "@noema/core/bytes";
import { BLOCK_GAS } from "@noema/core/chain-limits";
import { keccak256 } from "@noema/core/hash";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { BlockInput, ExecutedBlock, ExecutionService } from "../api.ts";
import { EMPTY_ACCOUNT, encodeLeaf } from "../state/account.ts";
import { signedTx, startChain, type TestChain, testAddress } from "../testing/chain.ts";
import { INSTANT, operationOf, setInput } from "../testing/operations.ts";
import { encodeClock } from "./clock.ts";
import { KIND } from "./kinds.ts";
import { encodeMine } from "./mine.ts";
import { encodeMining } from "./mining.ts";
import { encodeNext } from "./next.ts";
import { OUTCOME } from "./outcomes.ts";

const PEOPLE = [0, 1, 2, 3].map(testAddress);
const ETHER = 10n ** 18n;
const MAX_FEE = 10n ** 10n;
const GAS = 21_000n;
const GAS_LIMIT = BigInt(BLOCK_GAS);
/** A chain begins with two funded accounts of the four. */
const FUNDED = 2;

type Account = { balance: bigint; nonce: bigint };
type Set = { who: number; balance?: bigint; nonce?: bigint };
type Transfer = { from: number; to: number; nonce: bigint; value: bigint };
type Mode = { every: boolean; auto: boolean; intervalMs: number };
/** `timestamp`: seconds after the newest block's. */
type Next = { timestamp?: bigint; baseFee?: bigint; timestampInterval?: bigint };
/** In this order within the height. `forwardMs`: of the clock. `crash`: at the height's write, before it or before its answer. */
type Step = {
  mode?: Mode;
  forwardMs?: bigint;
  next?: Next;
  sets: Set[];
  mine?: { count: number; interval?: bigint };
  transfers: Transfer[];
  crash: "no" | "before" | "after";
};

type Block = { timestamp: bigint; baseFee: bigint; accounts: Account[] };
/** `next`: what waits for the next block; its timestamp is absolute. */
type Model = { accounts: Account[]; blocks: Block[]; mode: Mode; offsetMs: bigint; next: Next };

const who = fc.nat(PEOPLE.length - 1);
const amount = fc.constantFrom(0n, 1n, ETHER / 1000n, ETHER, 3n * ETHER);
const set: fc.Arbitrary<Set> = fc.record(
  { who, balance: amount, nonce: fc.constantFrom(0n, 1n, 2n, 5n, 2n ** 64n - 1n) },
  { requiredKeys: ["who"] },
);
const transfer: fc.Arbitrary<Transfer> = fc.record({ from: who, to: who, nonce: fc.bigInt(0n, 5n), value: amount });
const seconds = fc.bigInt(0n, 1000n);
const step: fc.Arbitrary<Step> = fc.record(
  {
    mode: fc.constantFrom(
      { every: false, auto: true, intervalMs: 0 },
      { every: false, auto: false, intervalMs: 0 },
      { every: true, auto: false, intervalMs: 0 },
    ),
    forwardMs: fc.bigInt(0n, 100_000n),
    next: fc.record({ timestamp: seconds, baseFee: fc.constantFrom(0n, 7n, 10n ** 9n), timestampInterval: seconds }, { requiredKeys: [] }),
    mine: fc.record({ count: fc.integer({ min: 1, max: 6 }), interval: seconds }, { requiredKeys: ["count"] }),
    sets: fc.array(set, { maxLength: 3 }),
    transfers: fc.array(transfer, { maxLength: 3 }),
    crash: fc.constantFrom("no", "before", "after"),
  },
  { requiredKeys: ["sets", "transfers", "crash"] },
);

function afterSets(model: Account[], sets: Set[]): Account[] {
  const now = model.map((account) => ({ ...account }));
  for (const { who, balance, nonce } of sets) {
    if (nonce !== undefined && nonce > 2n ** 64n - 2n) continue;
    const account = now[who] as Account;
    account.balance = balance ?? account.balance;
    account.nonce = nonce ?? account.nonce;
  }
  return now;
}

function afterTransfers(model: Account[], transfers: Transfer[], baseFee: bigint): { accounts: Account[]; gasUsed: bigint } {
  const accounts = model.map((account) => ({ ...account }));
  let gasUsed = 0n;
  for (const { from, to, nonce, value } of transfers) {
    const sender = accounts[from] as Account;
    if (sender.nonce !== nonce || sender.balance < GAS * MAX_FEE + value) continue;
    sender.balance -= GAS * baseFee + value;
    sender.nonce++;
    (accounts[to] as Account).balance += value;
    gasUsed += GAS;
  }
  return { accounts, gasUsed };
}

const most = (a: bigint, b: bigint) => (a > b ? a : b);
/** EIP-1559 with the gas limit of the chain. */
const feeAfter = (baseFee: bigint, gasUsed: bigint) =>
  gasUsed === GAS_LIMIT / 2n ? baseFee : baseFee - (baseFee * (GAS_LIMIT / 2n - gasUsed)) / (GAS_LIMIT / 2n) / 8n;

/** `nextFee`: of the block after the newest, if nothing sets it. */
function modelAfter(before: Model & { nextFee: bigint }, step: Step, timestampMs: number): Model & { nextFee: bigint; made: number } {
  const parent = before.blocks.at(-1) as Block;
  const mode = step.mode ?? before.mode;
  let offsetMs = before.offsetMs + (step.forwardMs ?? 0n);
  const { timestamp: ahead, ...others } = step.next ?? {};
  let next = { ...before.next, ...others, ...(ahead !== undefined && { timestamp: parent.timestamp + ahead }) };
  const set = afterSets(before.accounts, step.sets);
  const isWhole = step.mine !== undefined || mode.every || (mode.auto && step.transfers.length > 0);
  if (!isWhole) {
    const blocks = [...before.blocks.slice(0, -1), { ...parent, accounts: set }];
    return { ...before, accounts: set, blocks, mode, offsetMs, next, made: 0 };
  }
  const clock = (BigInt(timestampMs) + offsetMs) / 1000n;
  const timestamp =
    next.timestamp ?? (next.timestampInterval === undefined ? most(clock, parent.timestamp) : parent.timestamp + next.timestampInterval);
  if (next.timestamp !== undefined) offsetMs = timestamp * 1000n - BigInt(timestampMs);
  const baseFee = next.baseFee ?? before.nextFee;
  const { accounts, gasUsed } = afterTransfers(set, step.transfers, baseFee);
  const blocks = [...before.blocks, { timestamp, baseFee, accounts }];
  let nextFee = feeAfter(baseFee, gasUsed);
  const interval = step.mine?.interval ?? next.timestampInterval ?? 0n;
  const count = step.mine?.count ?? 1;
  for (let i = 1; i < count; i++) {
    blocks.push({ timestamp: timestamp + BigInt(i) * interval, baseFee: nextFee, accounts });
    nextFee = feeAfter(nextFee, 0n);
  }
  if (count > 1) offsetMs = most(offsetMs, (blocks.at(-1) as Block).timestamp * 1000n - BigInt(timestampMs));
  next = { timestampInterval: next.timestampInterval };
  return { accounts, blocks, mode, offsetMs, next, nextFee, made: count };
}

/** `newest`: timestamp of the newest block. */
function inputOf(chain: TestChain, height: number, step: Step, newest: bigint): BlockInput {
  const { mode, forwardMs, next, sets, mine, transfers } = step;
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
  const system = sets.map(({ who, ...values }) => setInput({ address: PEOPLE[who] as Uint8Array, ...values }));
  if (next !== undefined) {
    const timestamp = next.timestamp === undefined ? undefined : newest + next.timestamp;
    system.unshift(operationOf(KIND.next, encodeNext({ ...next, timestamp })));
  }
  if (forwardMs !== undefined) system.unshift(operationOf(KIND.clock, encodeClock({ add: true, ms: forwardMs, negative: false })));
  if (mode !== undefined) system.unshift(operationOf(KIND.mining, encodeMining(mode)));
  if (mine !== undefined)
    system.push(operationOf(KIND.mine, encodeMine({ count: BigInt(mine.count), interval: mine.interval, ifDue: false, staged: [] })));
  return chain.input(height, txs, system);
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

it("accounts, numbers and roots are the model's, through crashes at any write", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const chain = await startChain({ accounts: FUNDED, genesis: INSTANT });
      const whole = await startChain({ accounts: FUNDED, genesis: INSTANT });
      let service: ExecutionService = chain.service as unknown as ExecutionService;
      const accounts: Account[] = PEOPLE.map((_, i) => ({ balance: i < FUNDED ? 1000n * ETHER : 0n, nonce: 0n }));
      let model = {
        accounts,
        blocks: [{ timestamp: 1_700_000_000n, baseFee: 10n ** 9n, accounts }],
        mode: { every: false, auto: true, intervalMs: 0 },
        offsetMs: 0n,
        next: {},
        nextFee: 875_000_000n,
      } as Model & { nextFee: bigint };
      let executed: ExecutedBlock | undefined;
      for (const [i, step] of steps.entries()) {
        const input = inputOf(chain, i + 1, step, (model.blocks.at(-1) as Block).timestamp);
        ({ service, executed } = await executeThrough(chain, service, input, step.crash));
        expect(executed.result).toEqual((await whole.service.execute(input)).result);
        const after = modelAfter(model, step, input.timestampMs);
        model = after;
        expect([executed.result.number, executed.block === undefined, executed.quiet]).toEqual([
          model.blocks.length - 1,
          after.made === 0,
          Math.max(0, after.made - 1),
        ]);
        const refused = step.sets.filter((x) => x.nonce === 2n ** 64n - 1n).length;
        expect(executed.operations.filter((x) => x.outcome !== OUTCOME.done).length).toBe(refused);
      }
      for (const [number, { timestamp, baseFee, accounts }] of model.blocks.entries()) {
        expect(await accountsAt(service, number)).toEqual(accounts);
        const block = await service.block(blockNumber(number));
        expect([block?.timestamp, block?.baseFeePerGas]).toEqual([timestamp, baseFee]);
        if (number > 0) expect(block?.parentHash).toEqual((await service.block(blockNumber(number - 1)))?.hash);
      }
      for (const address of PEOPLE) {
        const { account, accountProof } = await service.proof(blockNumber(model.blocks.length - 1), address, []);
        expect(toHex(keccak256(accountProof[0] as Uint8Array))).toBe(toHex((executed as ExecutedBlock).result.stateRoot));
        const proven = await verifyMerkleProof(keccak256(address), accountProof);
        if (proven === null) expect(account).toEqual(EMPTY_ACCOUNT);
        else expect(proven).toEqual(encodeLeaf(account));
      }
    }),
    { numRuns: 20 },
  );
});
