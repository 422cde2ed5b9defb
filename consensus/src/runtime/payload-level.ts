/**
 * Tells the engine whether a certificate that can be included is held (none: the idle interval applies; full: no reason to wait).
 * Certificates inside blocks that are not final yet count as taken.
 */
import { toHex } from "@noema/core/bytes";
import type { Application } from "@noema/core/ports/application";
import type { ConsensusOptions } from "../options.ts";
import type { Block } from "../types.ts";
import { blockRef } from "./block-ref.ts";
import type { InclusionIndex } from "./inclusion-index.ts";
import { isExecutionBehind, selectCerts } from "./payload-rules.ts";

export type Level = "none" | "some" | "full";

export type PayloadLevelDeps = {
  options: ConsensusOptions;
  application: Application;
  index: InclusionIndex;
  /** Newest finalized block. */
  tip(): Block;
  isBoundary(height: number): boolean;
  changed(level: Level): void;
  failed(error: unknown): void;
};

export type PayloadLevel = {
  /** A block above the tip was proposed here, with its ancestors above the tip, the parent first. */
  proposed(chain: readonly Block[]): void;
  /** A view was nullified: its block takes nothing. */
  nullified(): void;
  /** Asks the application again. */
  refresh(): void;
};

export function createPayloadLevel(deps: PayloadLevelDeps): PayloadLevel {
  let chain: readonly Block[] = [];
  let level: Level = "none";
  let running = false;
  let again = false;

  async function measure(): Promise<Level> {
    const tip = deps.tip();
    const above = chain.filter((block) => block.header.height > tip.header.height);
    const parent = above[0] ?? tip;
    const height = parent.header.height + 1;
    const epoch = parent.header.epoch + (deps.isBoundary(parent.header.height) ? 1 : 0);
    const { certs, exec } = await deps.application.draft(blockRef(parent), Math.max(0, height - deps.options.execLag));
    const context = { epoch, height, parentHash: parent.hash, execHeight: height, included: deps.index.lookup(height, above) };
    const chosen = selectCerts(certs, context, deps.options);
    if (chosen.length === 0) return "none";
    // The block will be empty: no reason to hurry, and in instant mode none to make it, or empty blocks keep execution behind.
    if (isExecutionBehind({ ...context, execHeight: exec.height }, deps.options)) return deps.options.instant ? "none" : "some";
    return chosen.length < certs.filter((cert) => !context.included(toHex(cert.header.id))).length ? "full" : "some";
  }

  async function run(): Promise<void> {
    running = true;
    try {
      do {
        again = false;
        const next = await measure();
        if (next !== level) {
          level = next;
          deps.changed(level);
        }
      } while (again);
    } catch (error) {
      deps.failed(error);
    } finally {
      running = false;
    }
  }

  function refresh(): void {
    again = true;
    if (!running) void run();
  }
  return {
    proposed(blocks) {
      chain = blocks;
      refresh();
    },
    nullified() {
      chain = [];
      refresh();
    },
    refresh,
  };
}
