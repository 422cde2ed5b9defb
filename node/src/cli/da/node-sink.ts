/** Objects of a file through a node's HTTP face. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fromHex, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { ObjectSink, Published } from "@noema/da-layer/files/write-file";
import { cliError } from "../errors.ts";
import { ask, readJson, readLines } from "./ask.ts";
import type { UploadJournal } from "./journal.ts";
import { passesByItself } from "./passing.ts";
import { describeUnderWay, type Step } from "./under-way.ts";

const RETRY_MS = 1000;
/** A node that was killed is back within it, or somebody has to look. */
const PATIENCE = 60;

export type NodeSink = ObjectSink & {
  /** Objects that an earlier run had published. */
  reused(): number;
  /** Why nothing moves at the moment. */
  waitsFor(): string | undefined;
  /** How far the objects are that were sent and are not kept yet; empty: there is none. */
  underWay(): string;
};

export async function maxObjectBytes(rpc: string): Promise<number> {
  const { maxObjectBytes: most } = await readJson<{ maxObjectBytes?: number }>(await ask(`${rpc}/da`));
  if (!Number.isSafeInteger(most) || (most as number) < 1) throw cliError("CLI_REQUEST_FAILED", `${rpc} does not say what an object holds`);
  return most as number;
}

/** Whether the node knows an object and its certificate stands in a block. */
async function isIncluded(rpc: string, id: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "noema_daStatus", params: [id] });
  const answer = await ask(rpc, { method: "POST", body, headers: { "content-type": "application/json" } });
  return ((await readJson<{ result?: { height: string | null } | null }>(answer)).result?.height ?? null) !== null;
}

type Tell = Parameters<ObjectSink["publish"]>[1];

/**
 * Whole objects are journalled, and not sent again when an earlier run was cut off. Throws what the node answers.
 * @param say hears once what the node has to do before it begins
 */
export function nodeSink(rpc: string, objectBytes: number, query: string, journal: UploadJournal, say: (line: string) => void): NodeSink {
  let kept = 0;
  let reused = 0;
  let waiting: string | undefined;

  let told = false;
  /** The newest step of each object, in the order they were sent. */
  const steps = new Map<Bytes, Step | undefined>();

  function follow({ state, done }: Step): void {
    if (state !== "preparing" || done !== 0 || told) return;
    told = true;
    say(`${rpc} loads what encodes data, once after its start, which takes some seconds`);
  }

  async function send(payload: Bytes, tell?: Tell): Promise<Published> {
    const headers = { accept: "application/x-ndjson" };
    const response = await ask(`${rpc}/da?raw${query}`, { method: "PUT", headers, body: payload as Uint8Array<ArrayBuffer> });
    let last: Step | undefined;
    for await (const step of readLines<Step>(response)) {
      follow(step);
      steps.set(payload, step);
      if (step.id !== undefined && last?.id === undefined) tell?.(fromHex(step.id));
      last = { ...last, ...step };
    }
    if (last?.state !== "included" || last.id === undefined) throw cliError("CLI_REQUEST_FAILED", `${rpc}: the answer was cut off`);
    return { id: fromHex(last.id), height: last.height ?? undefined };
  }

  async function sendPatiently(payload: Bytes, tell?: Tell): Promise<Published> {
    for (let turn = 0; ; turn++) {
      try {
        const published = await send(payload, tell);
        waiting = undefined;
        return published;
      } catch (error) {
        if (!passesByItself(error) || kept === 0 || turn === PATIENCE) throw error;
        waiting = isNoemaError(error) ? error.message : `${rpc} does not answer`;
        await sleep(RETRY_MS);
      }
    }
  }

  return {
    objectBytes,
    sha256: () => createHash("sha256"),
    reused: () => reused,
    waitsFor: () => waiting,
    underWay: () => describeUnderWay(steps.values()),
    async publish(payload, tell) {
      const digest = toHex(sha256(payload));
      const earlier = journal.known.get(digest);
      if (earlier !== undefined && (await isIncluded(rpc, earlier))) {
        reused++;
        kept++;
        return { id: fromHex(earlier) };
      }
      steps.set(payload, undefined);
      const published = await sendPatiently(payload, tell).finally(() => steps.delete(payload));
      kept++;
      if (payload.length === objectBytes) journal.add(digest, `0x${toHex(published.id)}`);
      return published;
    },
  };
}
