/** The eth namespace, put together from its themes. */

import { createBlockResolver } from "../../ethereum/block-id.ts";
import type { RpcModule } from "../../json-rpc/method.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { blobSidecarMethods } from "./blob-sidecars.ts";
import { blockMethods } from "./blocks.ts";
import { nonceMethods } from "./by-nonce.ts";
import { callManyMethods } from "./call-many.ts";
import { callMethods } from "./calls.ts";
import { capabilityMethods } from "./capabilities.ts";
import { chainMethods } from "./chain.ts";
import { configMethods } from "./config.ts";
import type { EthContext } from "./context.ts";
import { feeMethods } from "./fees.ts";
import { fillMethods } from "./fill.ts";
import { createFilters } from "./filters.ts";
import { createLogFeed } from "./log-feed.ts";
import { logMethods } from "./logs.ts";
import { createPendingFeed } from "./pending-feed.ts";
import { createRecentReceipts } from "./recent-receipts.ts";
import { sendSyncMethods } from "./send-sync.ts";
import { simulateMethods } from "./simulate.ts";
import { stateMethods } from "./state.ts";
import { subscriptionMethods } from "./subscriptions.ts";
import { transactionMethods } from "./transactions.ts";

export function createEthModule(deps: ModuleDeps): RpcModule {
  const c: EthContext = {
    ...deps,
    blocks: createBlockResolver(deps),
    receipts: createRecentReceipts(deps.chain),
    logs: createLogFeed(deps),
    onPending: createPendingFeed(deps.pool),
  };
  const filters = createFilters(c);
  deps.metrics.gauge("noema_rpc_filters", "filters installed", filters.size);
  const methods = {
    ...chainMethods(c),
    ...configMethods(c),
    ...blockMethods(c),
    ...transactionMethods(c),
    ...blobSidecarMethods(c),
    ...sendSyncMethods(c),
    ...nonceMethods(c),
    ...fillMethods(c),
    ...stateMethods(c),
    ...callMethods(c),
    ...simulateMethods(c),
    ...callManyMethods(c),
    ...capabilityMethods(c),
    ...feeMethods(c),
    ...logMethods(c),
    ...filters.methods,
    ...subscriptionMethods(c),
  };
  return {
    name: "eth",
    methods,
    close() {
      filters.close();
      c.receipts.close();
      c.logs.close();
    },
  };
}
