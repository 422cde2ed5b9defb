import { ZERO_HASH } from "@noema/core/bytes";
import type { Application } from "@noema/core/ports/application";
import type { AvailabilityCert } from "@noema/core/ports/data";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { settle } from "@noema/core/testing/sim-clock";
import { expect, test } from "vitest";
import { createConsensusOptions } from "../options.ts";
import type { Block } from "../types.ts";
import { createInclusionIndex } from "./inclusion-index.ts";
import { createPayloadLevel } from "./payload-level.ts";
import { availabilityCert } from "./testing/availability.ts";

const HEIGHT = 20;
const tip = { hash: ZERO_HASH, header: { epoch: 0, view: 1, height: HEIGHT - 1, timestampMs: 0, exec: { height: 0 } } } as Block;

/** The level with nothing waiting, after a final block with payload at one height and a tip that certifies another's result. */
async function levelAfter(o: { payloadAt: number; certified: number; instant: boolean }): Promise<string> {
  const { payload, level } = measured(0, [], o.instant, { ...tip, header: { ...tip.header, exec: { height: o.certified } } } as Block);
  payload.finalized([
    { header: { height: o.payloadAt }, body: { certs: [{}] } } as Block,
    { ...tip, body: { certs: [] } } as unknown as Block,
  ]);
  for (let i = 0; i < 5; i++) await settle();
  return level();
}

/** The level with this many certificates waiting while the newest result that a header may carry is that of `execHeight`. */
async function levelAt(execHeight: number, certs: number, instant: boolean, kind: "batch" | "system" = "batch"): Promise<string> {
  const keys = createKeyedValidators([1n]);
  const offered: AvailabilityCert[] = [];
  for (let seq = 0; seq < certs; seq++)
    offered.push({ ...(await availabilityCert(keys, seq, 0, { refHeight: HEIGHT - 1, bytes: 600 })), kind });
  const { payload, level } = measured(execHeight, offered, instant, tip);
  payload.refresh();
  for (let i = 0; i < 5; i++) await settle();
  return level();
}

function measured(execHeight: number, certs: AvailabilityCert[], instant: boolean, newest: Block) {
  const options = createConsensusOptions({ maxPayloadBytes: 1000, instant }, { dev: true });
  const draft = async () => ({ certs, seals: [], exec: { height: execHeight } });
  let level = "none";
  const payload = createPayloadLevel({
    options,
    application: { draft } as unknown as Application,
    index: createInclusionIndex(options.inclusionWindow),
    tip: () => newest,
    isBoundary: () => false,
    changed: (to) => {
      level = to;
    },
    failed: (error) => {
      throw error;
    },
  });
  return { payload, level: () => level };
}

test("payload is held back by nothing while execution keeps up", async () => {
  expect(await levelAt(HEIGHT - 3, 0, false)).toBe("none");
  expect(await levelAt(HEIGHT - 3, 1, false)).toBe("some");
  expect(await levelAt(HEIGHT - 6, 2, false)).toBe("full");
  expect(await levelAt(HEIGHT - 6, 1, true)).toBe("some");
});

test("an operation is waited for, so it does not wait for the interval", async () => {
  expect(await levelAt(HEIGHT - 3, 1, false, "system")).toBe("full");
  expect(await levelAt(HEIGHT - 7, 1, true, "system")).toBe("none");
});

test("until the result of a block with payload stands in a final header, the idle interval does not apply", async () => {
  expect(await levelAfter({ payloadAt: HEIGHT - 2, certified: HEIGHT - 3, instant: false })).toBe("some");
  expect(await levelAfter({ payloadAt: HEIGHT - 2, certified: HEIGHT - 2, instant: false })).toBe("none");
  expect(await levelAfter({ payloadAt: HEIGHT - 2, certified: HEIGHT - 3, instant: true })).toBe("none");
});

test("while execution is more than 2D behind nothing hurries, and in instant mode no empty block is made", async () => {
  expect(await levelAt(HEIGHT - 7, 2, false)).toBe("some");
  expect(await levelAt(HEIGHT - 7, 2, true)).toBe("none");
});
