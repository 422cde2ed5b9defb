import { fromHex } from "@noema/core/bytes";
import fc from "fast-check";
import { hexToBigInt } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { randomTypedData } from "./testing/random-typed-data.ts";
import { signTypedData, typedData } from "./typed-data.ts";

const KEY = `0x${"4c".repeat(32)}` as const;
const sign = (document: unknown) => signTypedData(typedData.read(document, "data"), fromHex(KEY));

/** EIP-712's own example, with the values of its Example.js. */
const MAIL = {
  types: {
    EIP712Domain: [
      { name: "name", type: "string" },
      { name: "version", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
    ],
    Person: [
      { name: "name", type: "string" },
      { name: "wallet", type: "address" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person" },
      { name: "contents", type: "string" },
    ],
  },
  primaryType: "Mail",
  domain: { name: "Ether Mail", version: "1", chainId: 1, verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC" },
  message: {
    from: { name: "Cow", wallet: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
    to: { name: "Bob", wallet: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
    contents: "Hello, Bob!",
  },
};

/** One struct with one field of `type`. */
const of = (type: string, value: unknown, more: Record<string, unknown> = {}) => ({
  types: { Box: [{ name: "x", type }], Point: [{ name: "at", type: "int8" }], ...more },
  primaryType: "Box",
  domain: {},
  message: value === undefined ? {} : { x: value },
});

it("signs the EIP's example as the EIP does", async () => {
  const cow = fromHex("0xc85ef7d79691fe79573b1a7064c19c1a9819ebdbd1faaab1a8ec92344438aaf4"); // keccak256("cow")
  const expected =
    "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c";
  expect(await signTypedData(typedData.read(MAIL, "data"), cow)).toBe(expected);
  expect(await signTypedData(typedData.read(JSON.stringify(MAIL), "data"), cow)).toBe(expected);
});

it("signs whatever fits its types as viem does", async () => {
  const account = privateKeyToAccount(KEY);
  await fc.assert(
    fc.asyncProperty(randomTypedData({ recursive: true }), async (document) => {
      const chainId = document.domain.chainId === undefined ? {} : { chainId: BigInt(document.domain.chainId as string) };
      const expected = await account.signTypedData({ ...document, domain: { ...document.domain, ...chainId } } as never);
      expect(await sign(document)).toBe(expected);
    }),
    { numRuns: 60 },
  );
});

describe("refuses what does not fit its type, by its path", () => {
  const bad: [string, unknown, RegExp][] = [
    ...["true", 1, 0, "0x1", {}, []].map((x) => ["bool", x, /^data\.message\.x: expected true or false/] as [string, unknown, RegExp]),
    ...["bool", "Point", "uint8", "string", "bytes", "address", "bytes4", "uint8[]", "Point[1]"].flatMap(
      (type): [string, unknown, RegExp][] => [
        [type, undefined, /^data\.message\.x: missing/],
        [type, null, /^data\.message\.x: null/],
      ],
    ),
    ...[256, -1, "256", "-1", 1.5, "1.5", "", " 1", "1e2", "0x", true, 2 ** 60, "0b1"].map(
      (x) => ["uint8", x, /^data\.message\.x: /] as [string, unknown, RegExp],
    ),
    ["int8", 128, /does not fit int8/],
    ["int8", "-129", /does not fit int8/],
    ["string", 1, /^data\.message\.x: expected a string/],
    ["string", "\ud800", /Unicode/],
    ["bytes", "abc", /^data\.message\.x: expected 0x/],
    ["bytes", "0xabc", /^data\.message\.x: expected 0x/],
    ["bytes4", "0x0102", /expected 4 bytes, got 2/],
    ["address", `0x${"11".repeat(19)}`, /expected 20 bytes/],
    ["Point", [], /^data\.message\.x: expected Point, an object/],
    ["Point", "{}", /^data\.message\.x: expected Point, an object/],
    ["Point", { at: 200 }, /^data\.message\.x\.at: 200 does not fit int8/],
    ["Point[]", [{ at: 1 }, {}], /^data\.message\.x\[1\]\.at: missing/],
    ["uint8[2]", [1], /^data\.message\.x: 1 elements, expected uint8\[2\]/],
    ["uint8[]", { length: 0 }, /^data\.message\.x: expected uint8\[\], an array/],
  ];
  it.each(bad)("%s: %j", (type, value, message) => {
    expect(() => typedData.read(of(type, value), "data")).toThrow(message);
  });

  it.each([
    "uint",
    "int",
    "uint7",
    "uint264",
    "bytes0",
    "bytes33",
    "bytes01",
    "boolean",
    "Absent",
    "toString",
    "uint8[",
    "uint8]",
    "uint8[-1]",
    "uint8[01]",
    "",
  ])("no type: %j", (type) => {
    expect(() => typedData.read(of(type, 1), "data")).toThrow(/^data\.types\.Box\.x: unknown type/);
  });

  it("names of types and fields", () => {
    for (const name of ["uint256", "bool", "bytes33", "uint7", "a b", "x[]", "", "__proto__", "1st"])
      expect(() => typedData.read(of("bool", true, Object.fromEntries([[name, []]])), "data")).toThrow(/^data\.types/);
    const twice = [
      { name: "x", type: "bool" },
      { name: "x", type: "bool" },
    ];
    expect(() => typedData.read(of("bool", true, { Box: twice }), "data")).toThrow("data.types.Box: two fields x");
    expect(() => typedData.read({ ...of("bool", true), primaryType: "toString" }, "data")).toThrow("types do not have toString");
  });

  it("the domain too", () => {
    const domain = (value: unknown) => typedData.read({ ...MAIL, domain: value }, "data");
    expect(() => domain({ ...MAIL.domain, chainId: "one" })).toThrow(/^data\.domain\.chainId: expected uint256/);
    expect(() => domain({ ...MAIL.domain, name: undefined })).toThrow(/^data\.domain\.name: missing/);
    expect(() => domain("Ether Mail")).toThrow(/^data\.domain: expected EIP712Domain, an object/);
    expect(() => typedData.read({ ...of("bool", true), domain: { salt: "0x00" } }, "data")).toThrow(/^data\.domain\.salt/);
    expect(() => typedData.read({ ...of("bool", true), domain: 7 }, "data")).toThrow(/^data\.domain/);
  });
});

describe("is bounded", () => {
  it("in types, fields, values and depth", () => {
    const fields = (n: number) => Array.from({ length: n }, (_, i) => ({ name: `f${i}`, type: "bool" }));
    const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`T${i}`, fields(12)]));
    expect(() => typedData.read(of("bool", true, many(100)), "data")).toThrow("at most 100");
    expect(() => typedData.read(of("bool", true, many(90)), "data")).toThrow("more than 1000 fields");
    expect(() => typedData.read(of("uint8[]", Array(4095).fill(1)), "data")).toThrow("more than 4096 values");
    let nested: unknown = [];
    for (let i = 0; i < 40; i++) nested = [nested];
    expect(() => typedData.read(of(`uint8${"[]".repeat(40)}`, nested), "data")).toThrow("nested deeper than 32");
    expect(() => typedData.read(`${"[".repeat(1e6)}`, "data")).toThrow("nested too deep");
  });

  it("in what its types are together", async () => {
    const name = (i: number) => `T${i % 98}`.padEnd(90, "x");
    const ring = Array.from({ length: 98 }, (_, i) => [
      name(i),
      Array.from({ length: 10 }, (_, j) => ({ name: `f${j}`, type: `${name(i + j + 1)}[]` })),
    ]);
    await expect(sign(of("bool", true, Object.fromEntries(ring)))).rejects.toMatchObject({
      code: "RPC_PARAMS_INVALID",
      message: expect.stringContaining("types"),
    });
  });

  // The library hashes each type once: this took a hash of 36 KB for each of 2,000 values before.
  it("signs the largest document that it admits", async () => {
    const leaf = Object.fromEntries(
      Array.from({ length: 90 }, (_, i) => [
        `T${i}`,
        Array.from({ length: 9 }, (_, j) => ({ name: `f${j}`.padEnd(30, "x"), type: "T0[]" })),
      ]),
    );
    const wide = Array.from({ length: 90 }, (_, i) => ({ name: `o${i}`, type: `T${i}[]` }));
    const document = of("Item[]", Array(2000).fill({ x: [] }), { Item: [{ name: "x", type: "Wide[]" }], Wide: wide, ...leaf });
    const few = { ...document, message: { x: Array(3).fill({ x: [] }) } };
    expect(await sign(few)).toBe(await privateKeyToAccount(KEY).signTypedData(few as never));
    expect(hexToBigInt((await sign(document)) as `0x${string}`)).toBeGreaterThan(0n);
  });
});
