import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { concatBytes, toHex, utf8 } from "./bytes.ts";
import { keccak256, sha256, sha256Into } from "./hash.ts";

/** As much of it as is used; no types of a browser are loaded here. */
const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: { instantiate(...x: unknown[]): Promise<unknown> } };

describe("hashes", () => {
  it("are the standards'", () => {
    // FIPS 180-2, and the Keccak team's empty string and Ethereum's well-known values
    expect(toHex(sha256(utf8("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(toHex(keccak256(new Uint8Array(0)))).toBe("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    expect(toHex(keccak256(utf8("abc")))).toBe("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    expect(toHex(keccak256(Uint8Array.of(0x80)))).toBe("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
  });

  it("sha256 of parts is sha256 of the whole; each result is its own", () => {
    const parts = [utf8("a"), new Uint8Array(0), utf8("bc")];
    expect(sha256(...parts)).toEqual(sha256(concatBytes(...parts)));
    const buffer = Buffer.alloc(34, 1);
    sha256Into(buffer, 1, utf8("abc"));
    expect(new Uint8Array(buffer)).toEqual(concatBytes(Uint8Array.of(1), sha256(utf8("abc")), Uint8Array.of(1)));
    const first = keccak256(utf8("first"));
    const copy = first.slice();
    keccak256(utf8("second"));
    expect(first).toEqual(copy);
  });

  it("keccak256 is the same before its WASM instance is there and after", async () => {
    const compile = vi.spyOn(wasm, "instantiate");
    vi.resetModules();
    const fresh = (await import("./hash.ts")).keccak256; // in the turn in which it has loaded
    const data = Array.from({ length: 300 }, (_, i) => Uint8Array.from({ length: i }, (_, j) => i ^ j));
    const before = data.map(fresh);
    while (compile.mock.settledResults.length === 0 || compile.mock.settledResults[0]?.type === "incomplete") await setImmediate();
    await setImmediate();
    expect(data.map(fresh)).toEqual(before);
    compile.mockRestore();
  });
});
