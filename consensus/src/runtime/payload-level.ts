/**
 * Tells the engine whether a certificate that can be included is held (none: the idle interval applies; full: no reason to wait, as for
 * operations, of which each is waited for).
 * Certificates inside blocks that are not final yet count as taken. While the result of a block with payload stands in no final
 * header, the level is at least some, so that its senders do not wait D idle intervals for `finalized` (not in instant mode, where
 * one validator's own result is final at once).
 */
import type { Application } from "@noema/core/ports/application";
import type { ConsensusOptions } from "../options.ts";
import type { Block } from "../types.ts";
import { blockRef } from "./block-ref.ts";
import { certificateKey } from "./certificate-key.ts";
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
  /** In order; the newest one is the tip. */
  finalized(blocks: readonly Block[]): void;
  /** A view was nullified: its block takes nothing. */
  nullified(): void;
  /** Asks the application again. */
  refresh(): void;
};

export function createPayloadLevel(deps: PayloadLevelDeps): PayloadLevel {
  let chain: readonly Block[] = [];
  let level: Level = "none";
  /** Height of the newest final block with certificates, since the start. */
  let payloadHeight = 0;
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
    const uncertified = !deps.options.instant && payloadHeight > tip.header.exec.height;
    if (chosen.length === 0) return uncertified ? "some" : "none";
    // The block will be empty: no reason to hurry, and in instant mode none to make it, or empty blocks keep execution behind.
    if (isExecutionBehind({ ...context, execHeight: exec.height }, deps.options)) return deps.options.instant ? "none" : "some";
    if (chosen.some(({ kind }) => kind === "system")) return "full";
    return chosen.length < certs.filter((cert) => !context.included(certificateKey(cert))).length ? "full" : "some";
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
    finalized(blocks) {
      for (const { header, body } of blocks) if (body.certs.length > 0) payloadHeight = header.height;
      refresh();
    },
    nullified() {
      chain = [];
      refresh();
    },
    refresh,
  };
}
