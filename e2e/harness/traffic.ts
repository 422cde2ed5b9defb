/**
 * Steady transfers, open loop: each account sends at a fixed pace, whatever the answers take, through one RPC until that one does
 * not answer; then it goes to the next and sends what it has not seen included again, as a wallet does.
 */
import { type Hex, keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { blockOf, heightOf } from "./chain.ts";
import { type DevnetConfig, rpc } from "./devnet.ts";
import { until } from "./wait.ts";

export type Accepted = { hash: Hex; url: string; at: number };
export type Traffic = {
  /** Answered with their hash, in order of the answers. */
  accepted: readonly Accepted[];
  /** Refused with a JSON-RPC error that is not about being known already. */
  refused: readonly string[];
  /** Resolves when `count` transactions that were accepted from now on are included, as `url` sees it. */
  included(url: string, count: number): Promise<void>;
  /** Resolves when what was under way has been answered. */
  stop(): Promise<void>;
};

/** A chain whose accounts may be spent. */
export type TrafficTarget = Pick<DevnetConfig, "chainId" | "rpcUrl" | "rpcUrls" | "accounts">;

export type Sender = { address: Hex; sign(): Promise<{ raw: Hex; hash: Hex }> };

/** Signs transfers of one account, nonces counted here. */
export async function createSender(devnet: TrafficTarget, account: number, url = devnet.rpcUrl): Promise<Sender> {
  const { privateKey, address } = devnet.accounts[account] as DevnetConfig["accounts"][number];
  const signer = privateKeyToAccount(privateKey);
  const to = devnet.accounts[(account + 1) % devnet.accounts.length]?.address as Hex;
  let nonce = Number(await rpc(url, "eth_getTransactionCount", address, "pending"));
  return {
    address,
    async sign() {
      const raw = await signer.signTransaction({
        chainId: devnet.chainId,
        type: "eip1559",
        nonce: nonce++,
        to,
        value: 1n,
        gas: 21_000n,
        maxFeePerGas: 20_000_000_000n,
        maxPriorityFeePerGas: 1n,
      });
      return { raw, hash: keccak256(raw) };
    },
  };
}

/** Resolves with the hash; throws what the node answered, or a TypeError when it did not. */
export async function submit(url: string, raw: Hex): Promise<Hex> {
  return rpc<Hex>(url, "eth_sendRawTransaction", raw);
}

/** A request that was not answered, as opposed to one that was refused. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError;
}

export async function startTraffic(devnet: TrafficTarget, accounts: readonly number[], intervalMs: number): Promise<Traffic> {
  const accepted: Accepted[] = [];
  const refused: string[] = [];
  const underWay = new Set<Promise<void>>();
  const lanes = await Promise.all(accounts.map((account, i) => createLane(devnet, account, i, { accepted, refused })));
  const timers = lanes.map((send) =>
    setInterval(() => {
      const sending: Promise<void> = send().finally(() => underWay.delete(sending));
      underWay.add(sending);
    }, intervalMs),
  );
  return {
    accepted,
    refused,
    async included(url, count) {
      const from = accepted.length;
      const mined = new Set<string>();
      let height = await heightOf(url);
      let seen = 0;
      const look = async () => {
        for (const top = await heightOf(url); height < top; )
          for (const hash of (await blockOf(url, ++height)).transactions) mined.add(hash);
        seen = accepted.slice(from).filter((x) => mined.has(x.hash)).length;
        return seen >= count;
      };
      await until(look, () => `${seen} of ${accepted.length - from} transactions accepted since are included, not ${count}`);
    },
    async stop() {
      timers.forEach(clearInterval);
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

type Book = { accepted: Accepted[]; refused: string[] };

/** Keeps this many of the newest that were accepted for sending again, and all others: on a busy machine many are under way when a node dies. */
const KEPT = 50;

async function createLane(devnet: TrafficTarget, account: number, first: number, book: Book): Promise<() => Promise<void>> {
  const sender = await createSender(devnet, account);
  const urls = devnet.rpcUrls;
  const sent: { raw: Hex; hash: Hex; accepted?: true }[] = [];
  let at = first % urls.length;
  let unanswered = false;
  const offer = async (url: string, transfer: (typeof sent)[number]) => {
    const { raw, hash } = transfer;
    try {
      book.accepted.push({ hash: await submit(url, raw), url, at: performance.now() });
      transfer.accepted = true;
    } catch (error) {
      if (isUnanswered(error)) throw error;
      const { message } = error as Error;
      if (/already|known|nonce/i.test(message)) transfer.accepted = true;
      else book.refused.push(`${hash}: ${message}`);
    }
  };
  return async () => {
    sent.push(await sender.sign());
    if (sent.length > KEPT && sent[0]?.accepted) sent.shift();
    const url = urls[at] as string;
    try {
      for (const transfer of unanswered ? [...sent] : sent.slice(-1)) await offer(url, transfer);
      unanswered = false;
    } catch {
      unanswered = true;
      if (url === urls[at]) at = (at + 1) % urls.length;
    }
  };
}
