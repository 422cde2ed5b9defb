/** What is sent, signed before the clock starts. Transaction i is of sender i % senders, so that nonces of each rise with i. */
import { to0x } from "@noema/core/bytes";
import type { Call } from "../scenarios/scenario.ts";
import type { Account } from "./keys.ts";
import { signTransaction } from "./pack.ts";

export type Workload = {
  senders: number;
  raws: Uint8Array[];
  /** 0x-prefixed. */
  hashes: string[];
  /** Index by hash. */
  indexOf: Map<string, number>;
};

export type SigningOptions = {
  accounts: readonly Account[];
  /** The next nonce of each account. */
  nonces: readonly number[];
  chainId: number;
  maxFeePerGas: bigint;
  count: number;
};

function emptyWorkload(senders: number): Workload {
  return { senders, raws: [], hashes: [], indexOf: new Map() };
}

/** Above what nodes ask for at least. */
const PRIORITY_FEE = 1_000_000_000n;
/** The event loop gets a turn after so many, some 50 ms: nodes are starting meanwhile. */
const TURN = 1_000;

/** Signs up to `count`, going on in `workload` where it is given. */
export async function signWorkload(
  call: Call,
  o: SigningOptions,
  workload: Workload = emptyWorkload(o.accounts.length),
): Promise<Workload> {
  const { senders } = workload;
  for (let i = workload.raws.length; i < o.count; i++) {
    const sender = i % senders;
    const nth = Math.floor(i / senders);
    const { key } = o.accounts[sender] as Account;
    const maxPriorityFeePerGas = PRIORITY_FEE < o.maxFeePerGas ? PRIORITY_FEE : o.maxFeePerGas;
    const nonce = (o.nonces[sender] as number) + nth;
    const { raw, hash } = signTransaction(
      { ...call(i), chainId: o.chainId, nonce, maxPriorityFeePerGas, maxFeePerGas: o.maxFeePerGas },
      key,
    );
    const name = to0x(hash);
    workload.raws.push(raw);
    workload.hashes.push(name);
    workload.indexOf.set(name, i);
    if (i % TURN === TURN - 1) await new Promise((done) => setImmediate(done));
  }
  return workload;
}
