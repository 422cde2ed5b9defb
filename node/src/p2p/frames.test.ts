/** What becomes of frames, without a network. */
import type { Bytes } from "@noema/core/ports/bytes";
import { nullLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { createFrames, SEEN_MS } from "./frames.ts";
import type { Session } from "./session.ts";

function setUp(validators: readonly string[] = [], isOne = true) {
  const sent: string[] = [];
  let dropped = 0;
  const session = (id: string, room = true) =>
    ({
      id,
      peer: { id },
      push(lane: string, frame: Bytes) {
        if (room) sent.push(`${id} ${lane} ${Buffer.from(frame.subarray(2))}`);
        return room;
      },
    }) as unknown as Session;
  const [a, b, full] = [session("a"), session("b"), session("full", false)];
  const clock = createSimClock();
  const frames = createFrames({
    clock,
    logger: nullLogger,
    standing: () => [a, b, full],
    isRival: (x) => x.id === "b",
    isValidator: (x) => validators.includes(x.id),
    isOne: () => isOne,
    dropped: () => dropped++,
  });
  return { clock, frames, a, b, sent, dropped: () => dropped };
}

it("passes on what a topic's handler accepts, once, to all but the one that it came from", async () => {
  const { frames, a, sent, dropped } = setUp();
  frames.onPublish("t", (_, body) => (body[0] === 0 ? { ok: false, code: "BAD", action: "reject" } : { ok: true }));
  const frame = Buffer.from("\x01tnews");
  expect(await frames.take(a, "publish", frame)).toEqual({ ok: true });
  expect(await frames.take(a, "publish", frame)).toEqual({ ok: true });
  expect(await frames.take(a, "publish", Buffer.from("\x01t\0"))).toMatchObject({ code: "BAD" });
  expect(sent).toEqual(["b publish news"]);
  expect(dropped()).toBe(1);
  frames.publish("t", Buffer.from("news"));
  frames.publish("t", Buffer.from("own"));
  expect(sent).toEqual(["b publish news", "a publish own", "b publish own"]);
});

it.each([
  { validators: ["a", "full"], to: ["b"], refused: 0 },
  { validators: ["a", "b"], to: [], refused: 1 },
  { validators: ["b", "full"], to: ["b"], refused: 1 },
])("what a tells goes to all, but from validator to validator: of $validators to $to", async ({ validators, to, refused }) => {
  const { frames, a, sent, dropped } = setUp(validators);
  frames.onPublish("t", () => ({ ok: true }));
  await frames.take(a, "publish", Buffer.from("\x01tnews"));
  expect([sent, dropped()]).toEqual([to.map((id) => `${id} publish news`), refused]);
});

it("a node that is no validator tells validators of what one of them told it", async () => {
  const { frames, a, sent } = setUp(["a", "b"], false);
  frames.onPublish("t", () => ({ ok: true }));
  await frames.take(a, "publish", Buffer.from("\x01tnews"));
  expect(sent).toEqual(["b publish news"]);
});

it("takes nothing of a rival, and blames nobody where there is no handler", async () => {
  const { frames, a, b } = setUp();
  expect(await frames.take(a, "data", new Uint8Array(1))).toMatchObject({ code: "P2P_NO_HANDLER", action: "ignore" });
  frames.onFrame("data", () => ({ ok: true }));
  expect(await frames.take(a, "data", new Uint8Array(1))).toEqual({ ok: true });
  expect(await frames.take(b, "data", new Uint8Array(1))).toMatchObject({ code: "P2P_KEY_TWICE", action: "ignore" });
});

it("takes what was told long ago again: who tells it has seen that it was lost", async () => {
  const { clock, frames, a, sent } = setUp();
  let taken = 0;
  frames.onPublish("t", () => ({ ok: ++taken > 0 }) as { ok: true });
  for (const ms of [0, SEEN_MS - 1, 1]) {
    clock.advance(ms);
    await frames.take(a, "publish", Buffer.from("\x01tnews"));
  }
  expect([taken, sent]).toEqual([2, ["b publish news", "b publish news"]]);
});
