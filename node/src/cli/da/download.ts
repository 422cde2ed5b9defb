/** Bytes of a file from a node, gone on with by range where the answer is cut. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Bytes } from "@noema/core/ports/bytes";
import { cliError } from "../errors.ts";
import { ask } from "./ask.ts";
import { passesByItself } from "./passing.ts";

const RETRY_MS = 1000;
/** Tries without a byte of progress, once something has come: a node that is started again is back in less. */
const PATIENCE = 30;

/** Bytes [from, to), in order. Throws CLI_REQUEST_FAILED where fewer come, and what the node answers. */
export async function* download(url: string, from: number, to: number): AsyncIterable<Bytes> {
  let at = from;
  let strange = false; // another server's answer is not asked for again
  for (let idle = 0; at < to; idle++) {
    try {
      const response = await ask(url, { headers: { range: `bytes=${at}-${to - 1}` } });
      const range = response.headers.get("content-range");
      strange = !range?.startsWith(`bytes ${at}-${to - 1}/`);
      if (strange) throw cliError("CLI_REQUEST_FAILED", `${url}: the answer is not the range that was asked for`);
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        at += chunk.length;
        idle = 0;
        yield chunk;
      }
      if (at < to) throw cliError("CLI_REQUEST_FAILED", `${url}: ${at - from} of ${to - from} bytes arrived`);
    } catch (error) {
      if (!passesByItself(error) || strange || at === from || idle >= PATIENCE)
        throw cut(error, `${url}: ${at - from} of ${to - from} bytes arrived`);
      await sleep(RETRY_MS);
    }
  }
}

/** A connection that ends has words of the library, which say nothing. */
function cut(error: unknown, said: string): unknown {
  return error instanceof TypeError && error.message === "terminated" ? cliError("CLI_REQUEST_FAILED", said, {}, error) : error;
}
