import { fromHex, to0x, toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readOperation } from "./kinds.ts";
import { decodeOperation, encodeOperation, operationInput } from "./operation.ts";
import { decodeSet, encodeSet } from "./set.ts";

const address = new Uint8Array(20).fill(0xaa);
const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n });

it("is frozen: bytes and id of an operation", () => {
  const body = encodeSet({ address, balance: 2n ** 64n, slots: [{ key: new Uint8Array(32), value: new Uint8Array(32).fill(1) }] });
  const data = encodeOperation({ nonce: 7n, kind: 1, body });
  expect(to0x(data)).toMatchInlineSnapshot(
    `"0x0700000000000000010d000000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa24000000440000004400000044000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000101010101010101010101010101010101010101010101010101010101010101"`,
  );
  expect(to0x(operationInput(data).id)).toMatchInlineSnapshot(`"0x34dcc910eb1e57a684e6d1efc68072f2a0e505139c3113f9f0deb3a1dfc1e1a4"`);
});

it("gives back what was encoded; equal ones differ by their nonce", () => {
  const set = fc.record(
    {
      address: bytes(20),
      balance: fc.bigInt(0n, 2n ** 256n - 1n),
      nonce: fc.bigInt(0n, 2n ** 64n - 1n),
      code: fc.uint8Array({ maxLength: 100 }),
      slots: fc.array(fc.record({ key: bytes(32), value: bytes(32) }), { maxLength: 5 }),
    },
    { requiredKeys: ["address", "slots"] },
  );
  fc.assert(
    fc.property(set, fc.bigInt(0n, 2n ** 64n - 2n), (value, nonce) => {
      const body = encodeSet(value);
      expect(decodeSet(body)).toEqual({ balance: undefined, nonce: undefined, code: undefined, ...value });
      const [one, other] = [encodeOperation({ nonce, kind: 1, body }), encodeOperation({ nonce: nonce + 1n, kind: 1, body })];
      expect(decodeOperation(one)).toEqual({ nonce, kind: 1, body });
      expect(toHex(operationInput(one).id)).not.toBe(toHex(operationInput(other).id));
    }),
  );
});

it("random and mutated bytes are an operation or none, never another error", () => {
  const good = encodeOperation({ nonce: 1n, kind: 1, body: encodeSet({ address, nonce: 5n, code: Uint8Array.of(1, 2) }) });
  const mutated = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }).map((edits) => {
    const data = good.slice();
    for (const [at, byte] of edits) data[at] = byte;
    return data;
  });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (data) => {
      const read = readOperation(data);
      if (read !== undefined) expect(encodeOperation(decodeOperation(data))).toEqual(data);
    }),
    { numRuns: 500 },
  );
});

it("one above a limit is none", () => {
  const of = (body: Uint8Array) => readOperation(encodeOperation({ nonce: 0n, kind: 1, body }));
  const slots = (n: number) =>
    encodeSet({ address, slots: Array.from({ length: n }, () => ({ key: new Uint8Array(32), value: new Uint8Array(32) })) });
  expect([of(slots(1024)) === undefined, of(slots(1025)) === undefined]).toEqual([false, true]);
  const code = (n: number) => encodeSet({ address, code: new Uint8Array(n) });
  expect([of(code(126_700)) === undefined, of(code(126_701)) === undefined]).toEqual([false, true]);
  const balance = encodeSet({ address, balance: 1n });
  const two = Uint8Array.from([...balance, ...balance.slice(36, 68)]); // offsets behind it move with it
  for (const at of [24, 28, 32]) two[at] = (two[at] as number) + 32;
  expect([of(balance) === undefined, of(two) === undefined]).toEqual([false, true]);
});

it("an unknown kind is none, and bytes that are none have an id all the same", () => {
  const body = encodeSet({ address });
  expect(readOperation(encodeOperation({ nonce: 0n, kind: 1, body }))).toBeDefined();
  for (const kind of [0, 200, 255]) expect(readOperation(encodeOperation({ nonce: 0n, kind, body }))).toBeUndefined();
  expect(readOperation(encodeOperation({ nonce: 0n, kind: 1, body: body.slice(1) }))).toBeUndefined();
  expect(operationInput(fromHex("0x01")).id).toEqual(sha256(Uint8Array.of(1)));
});
