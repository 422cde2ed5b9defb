import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { BAN_MS, createBans, HOST_MS } from "./bans.ts";

const key = (n: number) => `${n}`.repeat(96) as PublicKeyHex;

it("a ban holds for the id and for the key that it proved, with whatever id it comes back, and for nobody else", () => {
  const clock = createSimClock();
  const bans = createBans(clock);
  bans.add({ id: "a", publicKey: key(1) });
  bans.add({ id: "b" });
  const banned = [{ id: "a" }, { id: "b" }, { id: "c", publicKey: key(1) }, { id: "b", publicKey: key(2) }];
  const free = [{ id: "c" }, { id: "c", publicKey: key(2) }];
  expect(banned.map(bans.leftMs)).toEqual(Array(4).fill(BAN_MS));
  expect(free.map(bans.leftMs)).toEqual([0, 0]);
  clock.advance(BAN_MS);
  expect(banned.map(bans.leftMs)).toEqual([0, 0, 0, 0]);
});

it("a key that errs again as soon as it may stays away for longer; a host that it comes from in between, for a moment", () => {
  const clock = createSimClock();
  const bans = createBans(clock);
  bans.add({ id: "a", publicKey: key(1) });
  clock.advance(BAN_MS);
  bans.add({ id: "b", publicKey: key(1) });
  expect([bans.leftMs({ id: "b" }), bans.leftMs({ id: "c", publicKey: key(1) })]).toEqual([BAN_MS, 2 * BAN_MS]);
  expect(bans.refuses("10.0.0.1")).toBe(false);
  bans.cameBack("10.0.0.1");
  expect([bans.refuses("10.0.0.1"), bans.refuses("10.0.0.2")]).toEqual([true, false]);
  clock.advance(HOST_MS);
  expect(bans.refuses("10.0.0.1")).toBe(false);
});
