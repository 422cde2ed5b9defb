/** A client that publishes slowly, and one that publishes much at once, beside transfers that are no load. */
import { setTimeout as sleep } from "node:timers/promises";
import { benchError } from "../load/errors.ts";
import { transfers } from "../load/scenarios/transfers.ts";
import { putObject, seededBytes } from "../publish/objects.ts";
import type { Phase } from "./phases.ts";

const MB = 1_000_000;
/** Transfers a second, as where inferences are beside them: four validators take a tenth of a core for each. */
const RATE = 2;
const SLOW = { bytes: 20 * MB, bytesPerSecond: MB };
const BURST = { objects: 5, bytes: 4 * MB };
/** Into a phase, when the objects come. */
const AFTER_MS = 2000;

/** The idle one puts an object of a byte, so that what encodes is loaded before the others. */
export function blobPhases(seed: number): Phase[] {
  const common = { scenario: transfers, rate: RATE, calls: 0 };
  return [
    {
      ...common,
      name: "idle",
      seconds: 45,
      limits: {},
      beside: async ([url]) => void (await putObject(url as string, seededBytes(seed, 0, 1))),
    },
    {
      ...common,
      name: `a file of ${SLOW.bytes / MB} MB that comes at ${SLOW.bytesPerSecond / MB} MB/s`,
      seconds: 30,
      limits: { p90: 1.2 },
      beside: ([url]) => putSlowly(url as string, seededBytes(seed, 1, SLOW.bytes)),
    },
    {
      ...common,
      name: `${BURST.objects} objects of ${BURST.bytes / MB} MB at once`,
      seconds: 20,
      limits: { p50: 1.2, max: 2 },
      async beside([url]) {
        await sleep(AFTER_MS);
        const puts = Array.from({ length: BURST.objects }, (_, i) => putObject(url as string, seededBytes(seed, 2 + i, BURST.bytes)));
        await Promise.all(puts);
      },
    },
  ];
}

/** Throws BENCH_RUN_FAILED where it is refused. */
async function putSlowly(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const step = SLOW.bytesPerSecond / 10;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (let at = 0; at < bytes.length; at += step) {
        controller.enqueue(bytes.subarray(at, at + step));
        await sleep(100);
      }
      controller.close();
    },
  });
  const answer = await fetch(`${url}/da`, { method: "PUT", body, duplex: "half" } as RequestInit);
  if (!answer.ok) throw benchError("BENCH_RUN_FAILED", `PUT /da: ${answer.status} ${await answer.text()}`);
}
