import type { AvailabilityCert } from "@noema/core/ports/data";
import { expect, it } from "vitest";
import { retellIncluded } from "./inclusions.ts";

const cert = (kind: AvailabilityCert["kind"], seq: number) => ({ kind, header: { seq } }) as AvailabilityCert;

it("tells again what the newest executed blocks include, oldest first, each lane its own kind", () => {
  const bodies = new Map<number, AvailabilityCert[]>([
    [1, [cert("batch", 1)]], // too old to be included again
    [2000, [cert("batch", 2), cert("blob", 3), cert("system", 6)]],
    [2001, []],
    [2002, [cert("batch", 4)]],
    [2003, [cert("batch", 5)]], // will be executed, and told then
  ]);
  const told: [string, number, number[]][] = [];
  const lane = (name: string) => ({
    included: (certs: readonly AvailabilityCert[], height: number) => {
      if (certs.length > 0) told.push([name, height, certs.map((x) => x.header.seq)]);
    },
  });
  const block = (height: number) => ({ body: { certs: bodies.get(height) ?? [] } });
  retellIncluded({ payload: lane("payload"), blobs: lane("blobs") }, block, 2002);
  expect(told).toEqual([
    ["payload", 2000, [2, 6]],
    ["blobs", 2000, [3]],
    ["payload", 2002, [4]],
  ]);
});
