import { describe, expect, it } from "vitest";
import { createBook, readAnswer } from "./book.ts";
import type { Wire } from "./connection.ts";
import { openSender } from "./driver.ts";
import { makeRequests } from "./requests.ts";
import { dueBy, dueTimes } from "./schedule.ts";

const raws = Array.from({ length: 12 }, (_, i) => Uint8Array.of(i));
const workload = { senders: 4, raws, hashes: [], indexOf: new Map() };

/** A node that answers when the test lets it. */
function heldWire() {
  const waiting: (() => void)[] = [];
  const sent: string[] = [];
  const wire: Wire = {
    frame: (body) => Buffer.from(body),
    connect: async () => ({
      send(request, _id, answered) {
        sent.push(request.toString());
        waiting.push(() => answered(Buffer.from('{"result":"0x"}')));
      },
      close() {},
    }),
  };
  return { wire, sent, waiting };
}

describe("the schedule", () => {
  it("spaces requests by the transactions in those before", () => {
    expect([...dueTimes([50, 50, 25, 50], 1000)]).toEqual([0, 50, 100, 125]);
  });

  it("tells how many are due", () => {
    const due = dueTimes([1, 1, 1, 1], 10);
    expect([dueBy(due, -1), dueBy(due, 0), dueBy(due, 199), dueBy(due, 200, 1), dueBy(due, 1e9)]).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("requests", () => {
  it("keep a sender's transactions on one connection, in order", () => {
    const { wire } = heldWire();
    const requests = makeRequests(workload, [wire, wire], { batch: 2, seed: 1, order: "rounds" });
    expect(requests.map((x) => [x.connection, x.txs])).toEqual([
      [0, [0, 2]],
      [1, [1, 3]],
      [0, [4, 6]],
      [1, [5, 7]],
      [0, [8, 10]],
      [1, [9, 11]],
    ]);
    expect(JSON.parse(requests[1]?.bytes.toString() as string)).toEqual([
      { jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: ["0x01"] },
      { jsonrpc: "2.0", id: 3, method: "eth_sendRawTransaction", params: ["0x03"] },
    ]);
  });
});

describe("open loop", () => {
  it("sends all that is due although nothing is answered, and counts latency from when it was due", async () => {
    const { wire, sent, waiting } = heldWire();
    const book = createBook(12);
    const requests = makeRequests(workload, [wire], { batch: 1, seed: 1, order: "rounds" });
    const sender = await openSender({ requests, wires: [wire], book, rate: 1000, window: 1, seconds: 60 });
    const done = sender.send();
    while (sent.length < 12) await new Promise((next) => setImmediate(next));
    expect(book.answered.every(Number.isNaN)).toBe(true);
    const spacing = [...book.due].map((x) => x - (book.due[0] as number));
    expect(spacing.map((x) => Math.round(x * 1000) / 1000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (const answer of waiting) answer();
    expect((await done).size).toBe(12);
  });

  it("as a control: with a window of one, the second leaves after the first answer", async () => {
    const { wire, sent, waiting } = heldWire();
    const requests = makeRequests(workload, [wire], { batch: 1, seed: 1, order: "rounds" });
    const sender = await openSender({ requests, wires: [wire], book: createBook(12), rate: undefined, window: 1, seconds: 60 });
    const done = sender.send();
    expect(sent.length).toBe(1);
    for (let k = 0; k < 12; k++) waiting[k]?.();
    expect([sent.length, (await done).size]).toEqual([12, 12]);
  });
});

describe("answers", () => {
  const error = (id: number | null, message: string) => ({ jsonrpc: "2.0", id, error: { code: -32000, message } });
  const read = (answer: unknown) => {
    const book = createBook(12);
    readAnswer(book, [4, 5], Buffer.from(JSON.stringify(answer)), 7);
    return book;
  };

  it("notes which transactions of a batch were refused, and why", () => {
    const book = read([{ jsonrpc: "2.0", id: 4, result: "0x" }, error(5, "the pool is full")]);
    expect([...book.refused]).toEqual([[5, "-32000 the pool is full"]]);
    expect([book.answered[4], book.answered[5], book.answered[6]]).toEqual([7, 7, Number.NaN]);
  });

  it("takes a refused batch for each of its transactions", () => {
    expect([...read(error(null, "too large")).refused.keys()]).toEqual([4, 5]);
  });

  it("does not count what a node has already as refused, and forgets what is accepted later", () => {
    const book = read([error(4, "already known"), error(5, "busy")]);
    readAnswer(book, [5], Buffer.from('{"jsonrpc":"2.0","id":5,"result":"0x"}'), 9);
    expect([book.refused.size, book.refusals.get("-32000 busy")]).toEqual([0, 1]);
  });
});
