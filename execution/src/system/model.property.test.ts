/** Any heights of operations and transfers against a Map of accounts, with a crash at any of their writes. */
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { blockNumber } from "@noema/core/block-number";
import { to0x, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { BlockInput, ExecutedBlock, ExecutionService } from "../api.ts";
import { EMPTY_ACCOUNT, encodeLeaf } from "../state/account.ts";
import { signedTx, startChain, type TestChain, testAddress } from "../testing/chain.ts";
import { INSTANT, setInput } from "../testing/operations.ts";
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
/** `crash`: at the height's write, before it or before its answer. */
type Step = { sets: Set[]; transfers: Transfer[]; crash: "no" | "before" | "after" };

const who = fc.nat(PEOPLE.length - 1);
const amount = fc.constantFrom(0n, 1n, ETHER / 1000n, ETHER, 3n * ETHER);
const set: fc.Arbitrary<Set> = fc.record(
  { who, balance: amount, nonce: fc.constantFrom(0n, 1n, 2n, 5n, 2n ** 64n - 1n) },
  { requiredKeys: ["who"] },
);
const transfer: fc.Arbitrary<Transfer> = fc.record({ from: who, to: who, nonce: fc.bigInt(0n, 5n), value: amount });
const step: fc.Arbitrary<Step> = fc.record({
  sets: fc.array(set, { maxLength: 3 }),
  transfers: fc.array(transfer, { maxLength: 3 }),
  crash: fc.constantFrom("no", "before", "after"),
});

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

function inputOf(chain: TestChain, height: number, { sets, transfers }: Step): BlockInput {
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

it("accounts, numbers and roots are the model's, through crashes at any write", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const chain = await startChain({ accounts: FUNDED, genesis: INSTANT });
      const whole = await startChain({ accounts: FUNDED, genesis: INSTANT });
      let service: ExecutionService = chain.service as unknown as ExecutionService;
      let model: Account[] = PEOPLE.map((_, i) => ({ balance: i < FUNDED ? 1000n * ETHER : 0n, nonce: 0n }));
      const states = [model];
      let executed: ExecutedBlock | undefined;
      for (const [i, next] of steps.entries()) {
        const input = inputOf(chain, i + 1, next);
        const isBare = next.sets.length > 0 && next.transfers.length === 0;
        ({ service, executed } = await executeThrough(chain, service, input, next.crash));
        expect(executed.result).toEqual((await whole.service.execute(input)).result);
        model = modelAfter(model, next, executed.block?.baseFeePerGas ?? 0n);
        if (isBare) states.pop();
        states.push(model);
        expect([executed.result.number, executed.block === undefined]).toEqual([states.length - 1, isBare]);
        expect(executed.operations.map((x) => x.outcome === OUTCOME.done)).toEqual(next.sets.map((x) => x.nonce !== 2n ** 64n - 1n));
      }
      for (const [number, accounts] of states.entries()) expect(await accountsAt(service, number)).toEqual(accounts);
      for (const address of PEOPLE) {
        const { account, accountProof } = await service.proof(blockNumber(states.length - 1), address, []);
        expect(toHex(keccak256(accountProof[0] as Uint8Array))).toBe(toHex((executed as ExecutedBlock).result.stateRoot));
        const proven = await verifyMerkleProof(keccak256(address), accountProof);
        if (proven === null) expect(account).toEqual(EMPTY_ACCOUNT);
        else expect(proven).toEqual(encodeLeaf(account));
      }
    }),
    { numRuns: 20 },
  );
});
