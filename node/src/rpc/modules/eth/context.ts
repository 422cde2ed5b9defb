import type { BlockResolver } from "../../ethereum/block-id.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import type { LogFeed } from "./log-feed.ts";
import type { PendingFeed } from "./pending-feed.ts";
import type { RecentReceipts } from "./recent-receipts.ts";

/** What the methods of the eth namespace share. */
export type EthContext = ModuleDeps & { blocks: BlockResolver; receipts: RecentReceipts; logs: LogFeed; onPending: PendingFeed };
