/** Gives senders their balances and makes the contracts of a scenario. */

import { setTimeout as sleep } from "node:timers/promises";
import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt } from "@noema/execution/rlp/encode";
import { benchError } from "./errors.ts";
import type { Client } from "./observe/client.ts";
import type { Call, Scenario } from "./scenarios/scenario.ts";
import { type Account, accountOf, addressOfKey } from "./sign/keys.ts";
import { signTransaction } from "./sign/pack.ts";

export type SetupOptions = {
  client: Client;
  chainId: number;
  funder: Bytes;
  seed: number;
  senders: number;
  /** Transactions that all senders together will send. */
  count: number;
  maxFeePerGas: bigint;
};

export type Prepared = { call: Call; accounts: Account[]; nonces: number[] };

type Sending = { to: Bytes | null; value?: bigint; data?: Bytes; gas: number };

const AT_ONCE = 50;
const POLL_MS = 25;
const LONGEST_MS = 120_000;
const NOTHING = new Uint8Array(0);
const TRANSFER_GAS = 21_000;
/** Of a contract here: creation of at most 4 KB with its storage. */
const DEPLOY_GAS = 3_000_000;
/** Transactions of a sender before the load. */
const OWN_SETUP = 2n;
/** What the account that deploys gets, in gas at the fee limit. */
const SETUP_GAS = 200_000_000n;

export async function prepare(scenario: Scenario, o: SetupOptions): Promise<Prepared> {
  const accounts = Array.from({ length: o.senders }, (_, i) => accountOf(o.seed, "sender", i));
  const deployer = accountOf(o.seed, "deployer", 0);
  const perSender = (BigInt(Math.ceil(o.count / o.senders)) + OWN_SETUP) * (BigInt(scenario.gas) * o.maxFeePerGas + scenario.value);
  const payer = await createPayer(o.client, { key: o.funder, address: addressOfKey(o.funder) }, o);
  await payer.send([
    { to: deployer.address, value: SETUP_GAS * o.maxFeePerGas, gas: TRANSFER_GAS },
    ...accounts.map(({ address }) => ({ to: address, value: perSender, gas: TRANSFER_GAS })),
  ]);
  const maker = await createPayer(o.client, deployer, o);
  const call = await scenario.prepare({
    seed: o.seed,
    senders: accounts,
    ask: o.client.ask,
    send: maker.send,
    async sendFromEach(call) {
      for (let from = 0; from < accounts.length; from += AT_ONCE) {
        const some = accounts.slice(from, from + AT_ONCE);
        await Promise.all(some.map(async (account) => (await createPayer(o.client, account, o)).send([call])));
      }
    },
    async deploy(creationCode) {
      const address = keccak256(rlpEncode([deployer.address, rlpInt(maker.nonce())])).subarray(12);
      await maker.send([{ to: null, data: creationCode, gas: DEPLOY_GAS }]);
      return address;
    },
  });
  return { call, accounts, nonces: await noncesOf(o.client, accounts) };
}

async function noncesOf(client: Client, accounts: readonly Account[]): Promise<number[]> {
  const nonces: string[] = [];
  for (let from = 0; from < accounts.length; from += AT_ONCE)
    nonces.push(
      ...(await client.askAll<string>(
        accounts.slice(from, from + AT_ONCE).map((x) => ({ method: "eth_getTransactionCount", params: [to0x(x.address), "latest"] })),
      )),
    );
  return nonces.map(Number);
}

/** One account's transactions, each in a block before the next call returns. */
async function createPayer(client: Client, { key, address }: Account, o: SetupOptions) {
  const from = to0x(address);
  let nonce = Number(await client.ask<string>("eth_getTransactionCount", from, "latest"));

  async function settled(): Promise<void> {
    const deadline = performance.now() + LONGEST_MS;
    while (Number(await client.ask<string>("eth_getTransactionCount", from, "latest")) < nonce) {
      if (performance.now() > deadline)
        throw benchError("BENCH_SETUP_FAILED", `setting up: what ${from} sent is in no block after 2 minutes`);
      await sleep(POLL_MS);
    }
  }

  async function send(sendings: readonly Sending[]): Promise<void> {
    const hashes: string[] = [];
    for (let at = 0; at < sendings.length; at += AT_ONCE) {
      const signed = sendings
        .slice(at, at + AT_ONCE)
        .map((x) =>
          signTransaction(
            { maxPriorityFeePerGas: 1n, value: 0n, data: NOTHING, ...x, chainId: o.chainId, nonce: nonce++, maxFeePerGas: o.maxFeePerGas },
            key,
          ),
        );
      const calls = signed.map(({ raw }) => ({ method: "eth_sendRawTransaction", params: [to0x(raw)] }));
      hashes.push(
        ...(await client.askAll<string>(calls).catch((cause) => {
          throw benchError("BENCH_SETUP_FAILED", `setting up: ${(cause as Error).message}`, {}, cause);
        })),
      );
    }
    await settled();
    const last = await client.ask<{ status: string } | null>("eth_getTransactionReceipt", hashes.at(-1));
    if (last?.status === "0x0") throw benchError("BENCH_SETUP_FAILED", `setting up: ${hashes.at(-1)} failed`);
  }
  return { send, nonce: () => nonce };
}
