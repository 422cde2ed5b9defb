/** The pool as geth's txpool namespace shows it: by sender, then by nonce in decimal. */
import { to0x } from "@noema/core/bytes";
import type { PooledTransaction, RpcDeps } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { renderPooled } from "../../ethereum/render-transaction.ts";
import { TRANSACTION } from "../../ethereum/shapes.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { address } from "../../json-rpc/parsers.ts";
import { mapOf, members, QUANTITY, TEXT } from "../../json-rpc/schema.ts";

/** Transactions rendered in one answer; the rest shows in txpool_status. */
const MAX_RENDERED = 10_000;

export function createTxpoolModule(deps: RpcDeps): RpcModule {
  function inspect({ tx: x }: PooledTransaction): unknown {
    const to = x.to === undefined ? "contract creation" : to0x(x.to);
    return `${to}: ${x.value} wei + ${x.gasLimit} gas × ${x.maxFeePerGas} wei`;
  }

  function bySender(txs: readonly PooledTransaction[], show: (tx: PooledTransaction) => unknown): Record<string, Record<string, unknown>> {
    const out: Record<string, Record<string, unknown>> = {};
    for (const pooled of txs.slice(0, MAX_RENDERED)) {
      const sender = to0x(pooled.sender);
      out[sender] ??= {};
      out[sender][String(pooled.tx.nonce)] = show(pooled);
    }
    return out;
  }

  function content(show: (tx: PooledTransaction) => unknown) {
    const { pending, queued } = deps.pool.content();
    return { pending: bySender(pending, show), queued: bySender(queued, show) };
  }

  return {
    name: "txpool",
    methods: {
      txpool_status: method({
        summary: "how many transactions can run next, and how many wait for others",
        params: [],
        result: members({ pending: QUANTITY, queued: QUANTITY }),
        run() {
          const { pending, queued } = deps.pool.status();
          return { pending: quantityHex(pending), queued: quantityHex(queued) };
        },
      }),
      txpool_content: method({
        summary: `the pool's transactions by sender and nonce, at most ${MAX_RENDERED} of each`,
        params: [],
        result: members({ pending: mapOf(mapOf(TRANSACTION)), queued: mapOf(mapOf(TRANSACTION)) }),
        run: () => content(renderPooled),
      }),
      txpool_inspect: method({
        summary: "the pool's transactions by sender and nonce, each in a line",
        params: [],
        result: members({ pending: mapOf(mapOf(TEXT)), queued: mapOf(mapOf(TEXT)) }),
        run: () => content(inspect),
      }),
      txpool_contentFrom: method({
        summary: "those of one sender, by nonce",
        params: [["address", address]],
        result: members({ pending: mapOf(TRANSACTION), queued: mapOf(TRANSACTION) }),
        run(who) {
          const key = to0x(who);
          const all = content(renderPooled);
          const nonces = (x: Record<string, Record<string, unknown>>) => x[key] ?? {};
          return { pending: nonces(all.pending), queued: nonces(all.queued) };
        },
      }),
    },
  };
}
