/** The whole state out of the chain and into it, as anvil names it; what is too large for JSON-RPC goes by /state (http/state-routes.ts). */
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { writeDump } from "@noema/execution/dump/write";
import { execError } from "@noema/execution/errors";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { boolean, data, optional } from "../json-rpc/parsers.ts";
import type { ControlDeps } from "./deps.ts";
import { loadState } from "./load-state.ts";
import { SIGNING } from "./operate.ts";

/** Twice as much in hex, and again while it is written. */
const MAX_DUMP_BYTES = 16 << 20;

export function stateMethods(deps: ControlDeps): Record<string, RpcMethod> {
  const { execution, chainId, operations } = deps;

  async function dump(): Promise<string> {
    const parts: Bytes[] = [];
    let bytes = 0;
    for await (const part of writeDump(execution, chainId)) {
      parts.push(part);
      bytes += part.length;
      if (bytes > MAX_DUMP_BYTES)
        throw execError("DEV_DUMP_TOO_LARGE", `JSON-RPC answers at most ${MAX_DUMP_BYTES} bytes of a dump: GET /state has no limit`);
    }
    return to0x(Buffer.concat(parts));
  }

  async function* whole(bytes: Bytes): AsyncIterable<Bytes> {
    yield bytes;
  }

  return {
    // anvil's flag: with historical states, which a chain here keeps itself
    anvil_dumpState: method([["preserve historical states", optional(boolean)]], dump),
    anvil_loadState: method([["state", data()]], (bytes) => loadState(operations, whole(bytes)).then(() => true), SIGNING),
  };
}
