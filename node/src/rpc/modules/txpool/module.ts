/** The pool as geth's txpool namespace shows it: by sender, then by nonce in decimal. */
import { to0x } from "@noema/core/bytes";
import type { PooledTransaction, RpcDeps } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { renderPooled } from "../../ethereum/render-transaction.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { address } from "../../json-rpc/parsers.ts";

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
      txpool_status: method([], () => {
        const { pending, queued } = deps.pool.status();
        return { pending: quantityHex(pending), queued: quantityHex(queued) };
      }),
      txpool_content: method([], () => content(renderPooled)),
      txpool_inspect: method([], () => content(inspect)),
      txpool_contentFrom: method([["address", address]], (who) => {
        const key = to0x(who);
        const all = content(renderPooled);
        const nonces = (x: Record<string, Record<string, unknown>>) => x[key] ?? {};
        return { pending: nonces(all.pending), queued: nonces(all.queued) };
      }),
    },
  };
}
