/** The whole state out of the chain and into it, as anvil names it; what is too large for JSON-RPC goes by /state (http/state-routes.ts). */
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { writeDump } from "@noema/execution/dump/write";
import { execError } from "@noema/execution/errors";
import { OF_OPERATIONS } from "../ethereum/error-sets.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { boolean, data, optional } from "../json-rpc/parsers.ts";
import { DATA, TRUE } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { loadState } from "./load-state.ts";
import { SIGNING } from "./operate.ts";

const OF_DUMPS = ["DEV_DUMP_MALFORMED", "DEV_DUMP_CHECKSUM", "DEV_DUMP_TOO_LARGE", "DEV_STAGED_FULL", "DEV_RESERVED_ADDRESS"];
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
    anvil_dumpState: method({
      summary: "accounts, code and storage of the newest state, as anvil_loadState takes them",
      params: [["preserve historical states", optional(boolean)]], // anvil's flag: a chain here keeps them itself
      result: DATA,
      errors: ["DEV_DUMP_TOO_LARGE", "STATE_PRUNED"],
      run: dump,
    }),
    anvil_loadState: method({
      summary: "puts a dump, of ours or of anvil's, in the place of the state, or lays it over it",
      params: [["state", data()]],
      result: TRUE,
      errors: [...OF_OPERATIONS, ...OF_DUMPS],
      ...SIGNING,
      run: (bytes) => loadState(operations, whole(bytes)).then(() => true),
    }),
  };
}
