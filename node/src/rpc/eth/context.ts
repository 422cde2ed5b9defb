import type { RpcDeps } from "../deps.ts";
import type { BlockResolver } from "./block-id.ts";
import type { PendingFeed } from "./pending-feed.ts";
import type { RecentReceipts } from "./recent-receipts.ts";

/** What the methods of the eth namespace share. */
export type EthContext = RpcDeps & { blocks: BlockResolver; receipts: RecentReceipts; onPending: PendingFeed };
