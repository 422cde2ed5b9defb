/** `bench load --scenario blobs`: objects are put on the data lane instead of transactions. An answer comes when one is in a final block. */
import { createHash } from "node:crypto";
import { createProbes } from "./cost/probes.ts";
import { recoveryMicros } from "./cost/recovery.ts";
import { benchError } from "./errors.ts";
import type { RunResult } from "./result.ts";
import { createBook } from "./send/book.ts";
import type { Wire } from "./send/connection.ts";
import { openSender } from "./send/driver.ts";
import { httpWire } from "./send/http.ts";
import type { Request } from "./send/requests.ts";
import { percentiles } from "./stats/percentiles.ts";
import type { Target } from "./targets/target.ts";

export type ObjectOptions = {
  seed: number;
  count: number;
  connections: number;
  rate?: number;
  window: number;
  seconds: number;
  settle: number;
  /** Of each object. */
  bytes: number;
};

export async function runObjects(target: Target, o: ObjectOptions): Promise<RunResult> {
  const wires = Array.from({ length: o.connections }, (_, c) => httpWire(target.urls[c % target.urls.length] as string, "/da", "PUT"));
  const requests = Array.from({ length: o.count }, (_, i): Request => {
    const connection = i % wires.length;
    return { connection, txs: [i], bytes: (wires[connection] as Wire).frame(seededBytes(o.seed, i, o.bytes)) };
  });
  const book = createBook(o.count);
  const before = recoveryMicros();
  const sender = await openSender({ requests, wires, book, rate: o.rate, window: o.window, seconds: o.seconds });
  try {
    await publishOne(wires[0] as Wire, seededBytes(o.seed, -1, o.bytes));
    const close = await createProbes(target, o.settle).open();
    const cpu = process.cpuUsage();
    const started = performance.now();
    await sender.send();
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const published = book.sent - book.refused.size;
    if (published === 0) throw benchError("BENCH_RUN_FAILED", `no object was taken: ${[...book.refusals.keys()][0] ?? "none was sent"}`);
    const latencies = percentiles(book.answered.map((at, i) => at - (book.due[i] as number)));
    const { name, validators } = target;
    return {
      ...{ target: name, validators, scenario: `blobs of ${o.bytes} bytes`, transport: "http", batch: 1, connections: o.connections },
      senders: o.connections,
      ...(o.rate === undefined ? { window: o.window } : { rate: o.rate }),
      sent: book.sent,
      included: published,
      refused: {},
      refusals: Object.fromEntries(book.refusals),
      seconds,
      tps: published / seconds,
      tpsOverall: published / seconds,
      tpsPeak: published / seconds,
      bytesPerSecond: (published * o.bytes) / seconds,
      ...{ answerMs: latencies, includedMs: latencies, lagMs: percentiles(book.lag) },
      blocks: { count: 0, medianTransactions: 0, maxTransactions: 0 },
      generatorCoreMicros: (user + system) / published,
      recoveryMicros: (before + recoveryMicros()) / 2,
      receiptsChecked: 0,
      ...(await close(published)),
    };
  } finally {
    sender.close();
  }
}

/** The thread for data starts with the first object, which takes seconds: no part of what is measured. */
async function publishOne(wire: Wire, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    wire
      .connect((reason) => reject(benchError("BENCH_RUN_FAILED", reason)))
      .then((connection) =>
        connection.send(wire.frame(bytes), 0, () => {
          connection.close();
          resolve();
        }),
      )
      .catch(reject);
  });
}

/** No two objects have a byte sequence in common, so that none costs less. */
function seededBytes(seed: number, i: number, length: number): Buffer {
  return createHash("shake256", { outputLength: length }).update(`noema bench object ${seed} ${i}`).digest();
}
