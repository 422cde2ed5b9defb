import type { Peer } from "@noema/core/ports/network";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { storeError } from "../store/errors.ts";
import { watchClock } from "./clock-watch.ts";
import { createDamage } from "./damage.ts";
import { watchDisk } from "./disk-watch.ts";
import { watchPeers } from "./peer-watch.ts";

function setUp() {
  const clock = createSimClock();
  const logger = createRecordingLogger();
  return { clock, logger, lines: () => logger.lines.splice(0).map(({ level, message, fields }) => [level, message, fields]) };
}

it("peers: a validator that is lost for two seconds, and back, by name; no guest, no blink", () => {
  const { clock, logger, lines } = setUp();
  let tell: (peer: Peer, up: boolean) => void = () => {};
  const network = {
    onPeer(f: typeof tell) {
      tell = f;
    },
  };
  const end = watchPeers(network, ({ publicKey }) => publicKey && `of ${publicKey}`, clock, logger);
  const peer = { id: "1", publicKey: "aa" } as Peer;
  tell(peer, true);
  tell(peer, false);
  clock.advance(1000);
  tell(peer, true);
  tell({ id: "2" } as Peer, false);
  clock.advance(5000);
  expect(lines()).toEqual([]);
  tell(peer, false);
  clock.advance(2000);
  expect(lines()).toEqual([["warn", "a validator is lost: no connection with it", { validator: "of aa", peer: "1" }]]);
  clock.advance(7000);
  tell(peer, true);
  expect(lines()).toEqual([["info", "a validator is back", { validator: "of aa", peer: "1", after: 9 }]]);
  end();
});

it("clock: one that differs is another's, most that differ are this machine's, and what was set is said", () => {
  const { clock, logger, lines } = setUp();
  let drift = 0;
  const watch = watchClock(clock, logger, () => clock.nowMs() + drift);
  const told = () => lines().map(([level, message]) => [level, message]);
  expect(watch.offsetMs()).toBeUndefined();
  for (const name of ["a", "b", "c"]) watch.heard(name, 1000);
  expect(told()).toEqual([]);
  expect(watch.offsetMs()).toBe(-1000);
  watch.heard("a", 3_600_000);
  expect(watch.offsetMs()).toBe(-1000); // one of three is its own affair
  expect(told()).toEqual([["warn", "the clocks of validators differ from this machine's"]]);
  watch.heard("b", 3_600_000);
  expect(told()).toEqual([["warn", "the clock of this machine is wrong: most validators' differ from it"]]);
  expect(watch.offsetMs()).toBe(-3_600_000);
  drift = -3_600_000; // the clock is put right
  clock.advance(1000);
  expect(told().map(([, message]) => message)).toEqual([
    "the clock of this machine was set",
    "the clocks of validators differ from this machine's", // c's was heard by the wrong one
  ]);
  expect(watch.offsetMs()).toBe(0);
  watch.heard("c", 0);
  expect(told()).toEqual([["info", "the clocks of validators agree again"]]);
  watch.stop();
});

it("disk: a line a minute while it is slow", () => {
  const { clock, logger, lines } = setUp();
  let ms = 900;
  const end = watchDisk({ slowestMs: () => ms }, clock, logger);
  clock.advance(5000);
  expect(lines()).toEqual([]);
  ms = 4000;
  clock.advance(30_000);
  expect(lines()).toEqual([["warn", "the disk is slow: a write waits for it, and a vote with it", { ms: 4000 }]]);
  clock.advance(40_000);
  expect(lines()).toHaveLength(1);
  end();
});

it("damage: told once for each store, also to who listens later, and of nothing else", () => {
  const damage = createDamage();
  const told: string[] = [];
  damage.suspect("state", new Error("a deadline"));
  damage.onFound((store, { message }) => told.push(`${store}: ${message}`));
  const corrupt = storeError("STORE_CORRUPT", "a row");
  for (let i = 0; i < 2; i++) damage.suspect("state", corrupt);
  damage.suspect("chain", corrupt);
  damage.onFound((store) => told.push(store));
  expect(told).toEqual(["state: a row", "chain: a row", "state", "chain"]);
});
