import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { TracerChoice } from "@noema/execution/trace/tracers";
import { findByNonce } from "../../ethereum/find-by-nonce.ts";
import { traceTransaction } from "../../ethereum/trace-transaction.ts";
import { JsonText, method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, count, hash } from "../../json-rpc/parsers.ts";
import type { ModuleDeps } from "../../module-deps.ts";

export function otsTransactionMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  const folded = async (h: Hash, choice: TracerChoice) => new JsonText((await traceTransaction(deps, h, choice)).result);
  const of = ["hash", hash] as const;
  return {
    ots_getInternalOperations: method([of], (h) => folded(h, { own: "otterscanOperations" })),
    ots_traceTransaction: method([of], (h) => folded(h, { own: "otterscanCalls" })),
    /** What it reverted with; nothing where it did not. */
    ots_getTransactionError: method([of], async (h) => {
      const { result } = await traceTransaction(deps, h, { name: "callTracer", config: { onlyTopCall: true } });
      const { error, output = "0x" } = JSON.parse(result) as { error?: string; output?: string };
      return error === undefined ? "0x" : output;
    }),
    ots_getTransactionBySenderAndNonce: method(
      [
        ["sender", address],
        ["nonce", count(Number.MAX_SAFE_INTEGER)],
      ],
      async (sender, nonce) => {
        const found = await findByNonce(deps, sender, BigInt(nonce));
        return found && to0x(found.hash);
      },
    ),
  };
}
