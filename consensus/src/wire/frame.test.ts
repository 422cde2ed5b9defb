import { isNoemaError } from "@noema/core/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "./frame.ts";
import { decodeFrame, encodeFrame } from "./frame.ts";
import { cert, messages, propose, vote } from "./testing/samples.ts";
import { voteType } from "./vote.ts";

const named = messages.map((message): [string, Message] => [message.type, message]);

test.each(named)("%s survives encoding", (_, message) => {
  expect(decodeFrame(encodeFrame(message))).toEqual(message);
});

test("the frame is copied: its bytes may be used again", () => {
  const frame = encodeFrame({ type: "Vote", vote });
  const message = decodeFrame(frame);
  frame.fill(0);
  expect(message).toEqual({ type: "Vote", vote });
});

function code(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return isNoemaError(error) ? error.code : `not typed: ${error}`;
  }
}

test.each([
  ["an empty frame", new Uint8Array(0), "CONSENSUS_FRAME_INVALID"],
  ["an unknown type", Uint8Array.of(99, 1, 2), "CONSENSUS_FRAME_INVALID"],
  ["a frame above its type's limit", new Uint8Array(1 + voteType.maxSize + 1).fill(1), "CONSENSUS_FRAME_INVALID"],
  ["a torn vote", encodeFrame({ type: "Vote", vote }).slice(0, -1), "SSZ_INVALID"],
  ["an unknown kind of vote", change({ type: "Vote", vote }, 1, 3), "CONSENSUS_FRAME_INVALID"],
  ["a nullification with a hash", change({ type: "Cert", cert }, 1, 1), "CONSENSUS_FRAME_INVALID"],
  ["an epoch of 2^63", change({ type: "Vote", vote }, 9, 0x80), "SSZ_INVALID"],
])("%s is refused", (_, frame, expected) => {
  expect(code(() => decodeFrame(frame))).toBe(expected);
});

function change(message: Message, at: number, value: number): Uint8Array {
  const frame = encodeFrame(message);
  frame[at] = value;
  return frame;
}

test("a body that is not its header's is refused", () => {
  const { content } = propose;
  if (!("block" in content)) throw new Error("no block");
  const block = { ...content.block, body: { ...content.block.body, certs: [] } };
  expect(code(() => decodeFrame(encodeFrame({ type: "Propose", propose: { ...propose, content: { block } } })))).toBe(
    "CONSENSUS_FRAME_INVALID",
  );
});

test("random frames: a message or a typed error", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), fc.uint8Array({ maxLength: 800 }), (type, rest) => {
      expect(code(() => decodeFrame(Uint8Array.of(type, ...rest))) ?? "SSZ_INVALID").toMatch(/^(SSZ_INVALID|CONSENSUS_FRAME_INVALID)$/);
    }),
    { numRuns: 2000 },
  );
});

test("damaged frames: a message that encodes to the same bytes, or a typed error", () => {
  const frames = messages.map(encodeFrame);
  fc.assert(
    fc.property(fc.constantFrom(...frames), fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(40), (frame, at, value, cut) => {
      const damaged = frame.slice(0, Math.max(1, frame.length - (cut > 20 ? 0 : cut)));
      damaged[at % damaged.length] = value;
      let message: Message;
      try {
        message = decodeFrame(damaged);
      } catch (error) {
        expect(isNoemaError(error)).toBe(true);
        return;
      }
      expect(encodeFrame(message)).toEqual(damaged);
    }),
    { numRuns: 2000 },
  );
});
