import { expect, it } from "vitest";
import { createWindowUpdates } from "./window-updates.ts";

/** As the library encodes it. */
function header(type: number, flags: number, stream: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(type, 1);
  bytes.writeUInt16BE(flags, 2);
  bytes.writeUInt32BE(stream, 4);
  bytes.writeUInt32BE(length, 8);
  return new Uint8Array(bytes);
}
const update = (stream: number, length: number) => header(1, 0, stream, length);

it("holds updates and gives one for each stream with their sum, once", () => {
  const updates = createWindowUpdates();
  expect([update(1, 300), update(3, 70_000), update(1, 45)].map(updates.hold)).toEqual([true, true, true]);
  expect(updates.take()).toEqual([update(1, 345), update(3, 70_000)]);
  expect(updates.take()).toEqual([]);
});

it("holds none that its peer may wait for: half of the smallest window, in one or in sum", () => {
  const updates = createWindowUpdates();
  expect(updates.hold(update(1, 128 << 10))).toBe(false);
  expect(updates.hold(update(1, (128 << 10) - 1))).toBe(true);
  expect(updates.hold(update(1, 1))).toBe(false);
  expect(updates.hold(update(5, 0xffff_ffff))).toBe(false);
});

it("holds nothing else: flags, data, pings, other versions, other lengths", () => {
  const updates = createWindowUpdates();
  for (const flags of [1, 2, 4, 8, 256]) expect(updates.hold(header(1, flags, 1, 5))).toBe(false);
  for (const type of [0, 2, 3]) expect(updates.hold(header(type, 0, 1, 5))).toBe(false);
  expect(updates.hold(Uint8Array.of(1, ...update(1, 5).subarray(1)))).toBe(false);
  for (const length of [0, 11, 13]) expect(updates.hold(new Uint8Array(length).fill(1))).toBe(false);
  expect(updates.take()).toEqual([]);
});
