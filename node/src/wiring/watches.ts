/** What a node says of others and of its machine: who is lost and back, by name, whether the clock is right, whether the disk is slow. */
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Network } from "@noema/core/ports/network";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { indexOf } from "@noema/core/validator-index";
import type { NodeConfig } from "../config.ts";
import { watchClock } from "../health/clock-watch.ts";
import { watchDisk } from "../health/disk-watch.ts";
import { watchPeers } from "../health/peer-watch.ts";
import { namesByPeer, readNetworkFile } from "../network/network-file.ts";
import type { Room } from "../store/room.ts";
import type { ChainSpec } from "./genesis.ts";

export type Watches = {
  /** Of a founder's node, by the id that its address names. */
  nameOf(peerId: string): string | undefined;
  onClock(publicKey: PublicKeyHex, aheadMs: number): void;
  watch(network: Pick<Network, "onPeer">): void;
  stop(): void;
};

export type WatchesDeps = {
  spec: ChainSpec;
  config: Pick<NodeConfig, "network">;
  room: Pick<Room, "slowestMs">;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
};

/** Throws what reading the network's file throws. */
export function createWatches({ spec, config, room, clock, logger, metrics }: WatchesDeps): Watches {
  const file = config.network === undefined ? { validators: [] } : readNetworkFile(config.network);
  const byKey = new Map(file.validators.map(({ publicKey, name }) => [publicKey.replace(/^0x/, ""), name]));
  const byPeer = namesByPeer(file);
  const validatorOf = (publicKey: PublicKeyHex | undefined) => {
    const index = publicKey === undefined ? undefined : indexOf(spec.validatorSet(0), publicKey);
    return index === undefined ? undefined : (byKey.get(publicKey as string) ?? `validator ${index}`);
  };
  const clocks = watchClock(clock, logger);
  metrics.gauge(
    "noema_clock_offset_seconds",
    "by how much this machine's clock is ahead of the median of other validators', as each said when it connected",
    () => {
      const ms = clocks.offsetMs();
      return ms === undefined ? [] : ms / 1000;
    },
  );
  const ends = [clocks.stop, watchDisk(room, clock, logger)];
  return {
    nameOf: (peerId) => byPeer.get(peerId),
    onClock(publicKey, aheadMs) {
      const validator = validatorOf(publicKey);
      if (validator !== undefined) clocks.heard(validator, aheadMs);
    },
    watch: (network) => void ends.push(watchPeers(network, ({ publicKey }) => validatorOf(publicKey), clock, logger)),
    stop() {
      for (const end of ends) end();
    },
  };
}
