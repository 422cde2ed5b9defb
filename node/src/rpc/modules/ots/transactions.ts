import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { TracerChoice } from "@noema/execution/trace/tracers";
import { AT_STATE, OF_TRACES } from "../../ethereum/error-sets.ts";
import { findByNonce } from "../../ethereum/find-by-nonce.ts";
import { traceTransaction } from "../../ethereum/trace-transaction.ts";
import { JsonText, method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, count, hash } from "../../json-rpc/parsers.ts";
import { ADDRESS, DATA, HASH, INTEGER, list, members, nullable, QUANTITY } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function otsTransactionMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  const folded = async (h: Hash, choice: TracerChoice) => new JsonText((await traceTransaction(deps, h, choice)).result);
  const of = ["hash", hash] as const;
  const errors = [...OF_TRACES, "RPC_TRANSACTION_UNKNOWN"];
  return {
    ots_getInternalOperations: method({
      summary: "ether that contracts of a transaction moved, contracts that they made or ended",
      params: [of],
      result: list(members({ type: INTEGER, from: ADDRESS, to: ADDRESS, value: QUANTITY })),
      errors,
      run: (h) => folded(h, { own: "otterscanOperations" }),
    }),
    ots_traceTransaction: method({
      summary: "the calls of a transaction, in a list",
      params: [of],
      result: list({ type: "object" }),
      errors,
      run: (h) => folded(h, { own: "otterscanCalls" }),
    }),
    ots_getTransactionError: method({
      summary: "what a transaction reverted with; 0x where it did not",
      params: [of],
      result: DATA,
      errors,
      async run(h) {
        const { result } = await traceTransaction(deps, h, { name: "callTracer", config: { onlyTopCall: true } });
        const { error, output = "0x" } = JSON.parse(result) as { error?: string; output?: string };
        return error === undefined ? "0x" : output;
      },
    }),
    ots_getTransactionBySenderAndNonce: method({
      summary: "the hash of a sender's transaction; null where none has that nonce",
      params: [
        ["sender", address],
        ["nonce", count(Number.MAX_SAFE_INTEGER)],
      ],
      result: nullable(HASH),
      errors: AT_STATE,
      async run(sender, nonce) {
        const found = await findByNonce(deps, sender, BigInt(nonce));
        return found && to0x(found.hash);
      },
    }),
  };
}
