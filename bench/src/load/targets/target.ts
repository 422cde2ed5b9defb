/** A chain that load is put on. What a foreign node cannot tell is undefined. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Turned } from "../beside/forger.ts";
import type { SyncCounter } from "../cost/syncs.ts";
import type { NamedProcess } from "../cost/window.ts";

export type Target = {
  name: string;
  /** Where the load goes; connections are spread over them. */
  urls: readonly string[];
  /** Blocks are read here. */
  observeUrl: string;
  /** For subscriptions; undefined: blocks are looked for. */
  observeWsUrl: string | undefined;
  /** Has noema_consensusStatus. */
  tellsFinality: boolean;
  chainId: number;
  /** Secret key of an account that pays for all others. */
  funder: Bytes;
  validators: number;
  /** The process whose tree is counted. */
  pid: number | undefined;
  processes: readonly NamedProcess[];
  /** Data directories, one a validator. */
  folders: readonly string[];
  metricsUrls: readonly string[];
  syncs: SyncCounter | undefined;
  /** A validator that was stopped, so that another may act with its key. */
  turned?: Turned;
  stop(): Promise<void>;
};
