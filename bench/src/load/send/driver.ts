/**
 * Sends what was made before, open loop by a schedule or as fast as answers come with a bounded window.
 *
 * Open loop: a request leaves when it is due whatever the answers take (several wait on one connection then), and its latency
 * counts from the time it was due: a node that stalls is charged for all that should have been sent meanwhile (no coordinated
 * omission). Where this process itself is late, the latency shows it too, and `lag` tells by how much.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { benchError } from "../errors.ts";
import { type Book, noteSent, readAnswer } from "./book.ts";
import type { Connection, Wire } from "./connection.ts";
import { type Request, sendBody } from "./requests.ts";
import { dueBy, dueTimes } from "./schedule.ts";

const NONE = Buffer.from('"result":null');
const RECEIPT_LOOK_MS = 1;
const receiptBody = (id: number, hash: string) => `{"jsonrpc":"2.0","id":${id},"method":"eth_getTransactionReceipt","params":["${hash}"]}`;

/** Without a single answer. */
const SILENCE_MS = 120_000;

export type SendOptions = {
  requests: readonly Request[];
  wires: readonly Wire[];
  book: Book;
  /** Transactions a second; undefined: as fast as `window` allows. */
  rate: number | undefined;
  /** Requests without an answer on each connection, where there is no rate. */
  window: number;
  /** After so long no request leaves any more. */
  seconds: number;
  /** Hashes, where each answer is followed by asking for the receipt until it is there. */
  receiptsOf?: readonly string[];
};

export type Sender = {
  /** Resolves with the requests that left, when all of them are answered. */
  send(): Promise<ReadonlySet<Request>>;
  /** Sends transactions once more, whose answer was a refusal. */
  again(raws: readonly Uint8Array[], txs: readonly number[]): Promise<void>;
  close(): void;
};

/** Opens the connections. */
export async function openSender({ requests, wires, book, rate, window, seconds, receiptsOf }: SendOptions): Promise<Sender> {
  let failure: string | undefined;
  let wake = () => {};
  const failed = (reason: string) => {
    failure ??= reason;
    wake();
  };
  const connections: Connection[] = [];
  for (const wire of wires) connections.push(await wire.connect(failed));
  let started = 0;
  let deadline = 0;
  let open = 0;
  let answers = 0;
  const left = new Set<Request>();

  function leave(request: Request, due: number, then: () => void): void {
    const { connection, txs, bytes } = request;
    const now = performance.now();
    book.lag.push(now - due);
    noteSent(book, txs, due);
    open++;
    left.add(request);
    connections[connection]?.send(bytes, txs[0] as number, (body) => {
      answers++;
      readAnswer(book, txs, body, performance.now());
      const ended = () => {
        open--;
        then();
      };
      if (receiptsOf === undefined) ended();
      else askReceipt(connection, txs[0] as number, ended);
    });
  }

  function askReceipt(c: number, i: number, then: () => void): void {
    const request = (wires[c] as Wire).frame(receiptBody(i, receiptsOf?.[i] as string));
    connections[c]?.send(request, i, (body) => {
      if (body.includes(NONE)) return setTimeout(() => askReceipt(c, i, then), RECEIPT_LOOK_MS);
      book.received[i] = performance.now();
      then();
    });
  }

  const bySchedule = async (rate: number) => {
    const due = dueTimes(
      requests.map((x) => x.txs.length),
      rate,
    );
    let next = 0;
    while (next < due.length && failure === undefined) {
      const now = performance.now();
      const until = dueBy(due, Math.min(now, deadline) - started, next);
      for (; next < until; next++) leave(requests[next] as Request, started + (due[next] as number), () => wake());
      if (now >= deadline) break;
      if (next < due.length) await sleep(Math.max(0, started + (due[next] as number) - performance.now()));
    }
  };

  /** Each connection goes through its own requests. */
  const byWindow = async () => {
    const lanes = wires.map((_, c) => requests.filter((x) => x.connection === c));
    const at = wires.map(() => 0);
    const next = (c: number) => {
      const request = lanes[c]?.[at[c]!++];
      if (request === undefined || performance.now() >= deadline || failure !== undefined) return wake();
      leave(request, performance.now(), () => next(c));
    };
    for (let k = 0; k < window; k++) for (const c of lanes.keys()) next(c);
  };

  const answered = async () => {
    for (let before = answers; open > 0 && failure === undefined; before = answers) {
      const woken = new Promise<"woken">((resolve) => {
        wake = () => resolve("woken");
      });
      const silent = new AbortController();
      const which = await Promise.race([woken, sleep(SILENCE_MS, "silent", { signal: silent.signal })]);
      silent.abort();
      if (which === "silent" && answers === before) failure = `${open} requests have had no answer for ${SILENCE_MS / 1000} s`;
    }
    if (failure !== undefined) throw benchError("BENCH_RUN_FAILED", failure);
    return left;
  };
  return {
    async send() {
      started = performance.now();
      deadline = started + seconds * 1000;
      await (rate === undefined ? byWindow() : bySchedule(rate));
      return answered();
    },
    async again(raws, txs) {
      const wire = wires[0] as Wire;
      await new Promise<void>((resolve) => {
        wake = resolve;
        connections[0]?.send(wire.frame(sendBody(raws, txs)), txs[0] as number, (body) => {
          readAnswer(book, txs, body, performance.now());
          resolve();
        });
      });
      if (failure !== undefined) throw benchError("BENCH_RUN_FAILED", failure);
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
