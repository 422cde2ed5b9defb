/** The pool as geth's txpool namespace shows it: by sender, then by nonce in decimal. */
import { to0x } from "@noema/core/bytes";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import type { PooledTransaction, RpcDeps } from "./deps.ts";
import { quantityHex } from "./eth/hex.ts";
import { renderTransaction } from "./eth/render-transaction.ts";
import { method, type RpcModule } from "./json-rpc/method.ts";
import { address } from "./json-rpc/parsers.ts";

/** Transactions rendered in one answer; the rest shows in txpool_status. */
const MAX_RENDERED = 10_000;

export function createTxpoolModule(deps: RpcDeps): RpcModule {
  const render = (tx: PooledTransaction): unknown => renderTransaction(tx);

  function inspect(tx: PooledTransaction): unknown {
    const x = decodeTransaction(tx.raw);
    const to = x.to === undefined ? "contract creation" : to0x(x.to);
    return `${to}: ${x.value} wei + ${x.gasLimit} gas × ${x.maxFeePerGas ?? x.gasPrice} wei`;
  }

  function bySender(txs: readonly PooledTransaction[], show: (tx: PooledTransaction) => unknown): Record<string, Record<string, unknown>> {
    const out: Record<string, Record<string, unknown>> = {};
    for (const tx of txs.slice(0, MAX_RENDERED)) {
      const sender = to0x(tx.sender);
      out[sender] ??= {};
      out[sender][String(tx.nonce)] = show(tx);
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
      txpool_content: method([], () => content(render)),
      txpool_inspect: method([], () => content(inspect)),
      txpool_contentFrom: method([["address", address]], (who) => {
        const key = to0x(who);
        const all = content(render);
        const nonces = (x: Record<string, Record<string, unknown>>) => x[key] ?? {};
        return { pending: nonces(all.pending), queued: nonces(all.queued) };
      }),
    },
  };
}
