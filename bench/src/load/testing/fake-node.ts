/** A node of a test: takes transactions, makes a block of all it has when it is asked for the next one, and lies where it is told to. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { recoverSender } from "@noema/execution/transactions/recover-sender";

export type Faults = {
  /** The answer to a transaction, instead of its hash. */
  refuse?: (nth: number) => string | undefined;
  /** Of a receipt, instead of 0x1. */
  status?: (nth: number) => string;
};

export type FakeNode = { url: string; received: string[]; close(): Promise<void> };

type Request = { id: number; method: string; params: string[] };

export async function startFakeNode(faults: Faults = {}): Promise<FakeNode> {
  const received: string[] = [];
  const waiting: string[] = [];
  const blocks: string[][] = [[]];
  const blockOf = new Map<string, number>();
  const nonces = new Map<string, number>();
  let sends = 0;
  let receipts = 0;

  function send(raw: string): string {
    const refusal = faults.refuse?.(sends++);
    if (refusal !== undefined) throw new Error(refusal);
    const bytes = fromHex(raw);
    const hash = to0x(keccak256(bytes));
    const from = to0x(recoverSender(decodeTransaction(bytes)));
    nonces.set(from, (nonces.get(from) ?? 0) + 1);
    received.push(raw);
    waiting.push(hash);
    return hash;
  }

  const methods: Record<string, (...params: string[]) => unknown> = {
    eth_chainId: () => "0x7a69",
    web3_clientVersion: () => "fake/1",
    eth_blockNumber: () => `0x${(blocks.length - 1).toString(16)}`,
    eth_getTransactionCount: (address) => `0x${(nonces.get(address as string) ?? 0).toString(16)}`,
    eth_sendRawTransaction: (raw) => send(raw as string),
    eth_getBlockByNumber(number) {
      if (Number(number) === blocks.length && waiting.length > 0) {
        for (const hash of waiting) blockOf.set(hash, blocks.length);
        blocks.push(waiting.splice(0));
      }
      const transactions = blocks[Number(number)];
      return transactions === undefined ? null : { number, transactions, gasUsed: "0x0" };
    },
    eth_getTransactionReceipt(hash) {
      const block = blockOf.get(hash as string);
      return block === undefined ? null : { status: faults.status?.(receipts++) ?? "0x1", blockNumber: `0x${block.toString(16)}` };
    },
  };

  function answer({ id, method, params }: Request): unknown {
    try {
      const run = methods[method];
      if (run === undefined) throw new Error(`no method ${method}`);
      return { jsonrpc: "2.0", id, result: run(...params) };
    } catch (error) {
      return { jsonrpc: "2.0", id, error: { code: -32000, message: (error as Error).message } };
    }
  }

  const server = createServer(async (request: IncomingMessage, response) => {
    if (request.method !== "POST") return void response.writeHead(404).end(); // it has no WebSocket
    let text = "";
    for await (const part of request) text += part;
    const body = JSON.parse(text) as Request | Request[];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(body) ? body.map(answer) : answer(body)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
