/** From a fault of consensus to a closed gate, a file that outlives the process, and a line that names it. */
import type { Consensus } from "@noema/consensus/runtime/consensus";
import type { FoundFault } from "@noema/consensus/runtime/health";
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { faultPath, writeFault } from "./fault-file.ts";
import { type ClosingCode, type Gate, isClosing, REMEDY } from "./gate.ts";
import { printable, type Reported, reportBlocks } from "./report.ts";

export type GuardDeps = {
  datadir: string;
  genesisHash: Hash;
  self: PublicKeyHex | undefined;
  gate: Gate;
  consensus: Pick<Consensus, "onFault" | "block">;
  execution: Reported;
  clock: Clock;
  logger: Logger;
};

/** Resolves, once told to stop, when what is being written is. */
export function guardState(deps: GuardDeps): { settled(): Promise<void> } {
  let writing = Promise.resolve();
  deps.consensus.onFault((fault) => {
    const { code, message } = fault;
    if (!isClosing(code) || deps.gate.closed() !== undefined) return;
    try {
      deps.gate.close({ code, message });
    } finally {
      writing = record(deps, code, fault);
    }
  });
  return { settled: () => writing };
}

/** Both results at once, and durably; what the node executed when it has been read. Never throws. */
async function record(deps: GuardDeps, code: ClosingCode, { message, height, divergence }: FoundFault): Promise<void> {
  const { datadir, genesisHash, self, execution, clock, logger } = deps;
  const path = faultPath(datadir, height);
  const found = {
    code,
    message,
    remedy: REMEDY[code],
    foundAt: new Date(clock.nowMs()).toISOString(),
    genesisHash: to0x(genesisHash),
    publicKey: self && `0x${self}`,
    height,
    block: blockHash(deps, height),
    ...(divergence && {
      headerHeight: divergence.headerHeight,
      agreed: divergence.agreed,
      own: printable(divergence.own),
      certified: printable(divergence.notarized),
    }),
  };
  try {
    writeFault(path, found);
    logger.log("error", "this node answers neither state nor sends any more, also after a restart", {
      code,
      file: path,
      remedy: REMEDY[code],
    });
    if (divergence === undefined) return;
    writeFault(path, { ...found, blocks: await reportBlocks(execution, divergence.agreed, divergence.height) });
  } catch (error) {
    logger.log("error", "what is known of the divergence could not be written", { code, file: path, error: String(error) });
  }
}

/** Absent while consensus is still starting: then it is found by results that are stored. */
function blockHash({ consensus }: GuardDeps, height: number | undefined): string | undefined {
  try {
    const block = height === undefined ? undefined : consensus.block(height);
    return block && to0x(block.hash);
  } catch {
    return undefined;
  }
}
