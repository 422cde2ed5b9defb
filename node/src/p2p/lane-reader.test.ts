import type { Stream } from "@libp2p/interface";
import { createSimClock, settle } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { encodeFrame } from "./framing.ts";
import { readLane } from "./lane-reader.ts";

function setUp() {
  const stream = Object.assign(new EventTarget(), {
    readStatus: "readable",
    pause() {
      this.readStatus = "paused";
    },
    resume() {
      this.readStatus = "readable";
    },
  });
  const done: (() => void)[] = [];
  readLane(stream as unknown as Stream, {
    clock: createSimClock(),
    maxFrame: () => 2 << 20,
    handle: () => new Promise<void>((resolve) => done.push(resolve)),
    onError: (error) => expect.unreachable(String(error)),
  });
  const push = (bytes: number) => stream.dispatchEvent(Object.assign(new Event("message"), { data: encodeFrame(new Uint8Array(bytes)) }));
  return { stream, push, done };
}

it.each([
  { what: "64 frames", bytes: 1, frames: 64 },
  { what: "4 MiB", bytes: 1 << 20, frames: 4 },
])("a peer waits while $what of it are in work", async ({ bytes, frames }) => {
  const { stream, push, done } = setUp();
  for (let i = 1; i < frames; i++) push(bytes);
  expect(stream.readStatus).toBe("readable");
  push(bytes);
  expect(stream.readStatus).toBe("paused");
  done[0]?.();
  await settle();
  expect(stream.readStatus).toBe("readable");
});
