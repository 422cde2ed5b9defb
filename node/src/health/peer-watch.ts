/** Which validators are lost, and back, by name. One that is connected again at once is no news. */
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Network, Peer } from "@noema/core/ports/network";

const GONE_AFTER_MS = 2000;

/** `nameOf`: undefined of who is no validator. Returns how to end it. */
export function watchPeers(
  network: Pick<Network, "onPeer">,
  nameOf: (peer: Peer) => string | undefined,
  clock: Clock,
  logger: Logger,
): () => void {
  const gone = new Map<string, { sinceMs: number; told: boolean; cancel(): void }>();
  network.onPeer((peer, up) => {
    const validator = nameOf(peer);
    if (validator === undefined) return;
    const before = gone.get(validator);
    if (up) {
      before?.cancel();
      gone.delete(validator);
      if (before?.told)
        logger.log("info", "a validator is back", { validator, peer: peer.id, after: seconds(clock.nowMs() - before.sinceMs) });
    } else if (before === undefined) {
      const cancel = clock.after(GONE_AFTER_MS, () => {
        entry.told = true;
        logger.log("warn", "a validator is lost: no connection with it", { validator, peer: peer.id });
      });
      const entry = { sinceMs: clock.nowMs(), told: false, cancel };
      gone.set(validator, entry);
    }
  });
  return () => {
    for (const { cancel } of gone.values()) cancel();
  };
}

const seconds = (ms: number) => Math.round(ms / 1000);
