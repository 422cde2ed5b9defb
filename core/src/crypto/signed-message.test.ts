import { describe, expect, it } from "vitest";
import { toHex } from "../bytes.ts";
import { idBody, peerBody, possessionBody, randaoBody, signedMessage, voteBody } from "./signed-message.ts";

const hash = new Uint8Array(32).fill(0xaa);

describe("signed messages", () => {
  it("bodies are laid out as encoding.md says", () => {
    expect(toHex(voteBody(1, 2, hash))).toBe(`01000000000000000200000000000000${"aa".repeat(32)}`);
    expect(toHex(voteBody(1, 2))).toBe("01000000000000000200000000000000");
    expect(toHex(randaoBody(1, 2))).toBe("01000000000000000200000000000000");
    expect(toHex(idBody(256, hash))).toBe(`0001000000000000${"aa".repeat(32)}`);
    expect(possessionBody(new Uint8Array(48), new Uint8Array(20)).length).toBe(68);
    expect(toHex(peerBody(Uint8Array.of(1, 2), 3))).toBe("01020300000000000000");
  });

  it("one body under two kinds or two chains is two messages: nullify is no randao", () => {
    const messages = (["nullify", "randao", "notarize"] as const).map((kind) => toHex(signedMessage(kind, hash, voteBody(1, 2))));
    messages.push(toHex(signedMessage("nullify", new Uint8Array(32), voteBody(1, 2))));
    expect(new Set(messages).size).toBe(4);
  });
});
