import { fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { transfers } from "../scenarios/transfers.ts";
import { accountOf, addressOfKey } from "./keys.ts";
import { type Fields, signTransaction } from "./pack.ts";
import { signWorkload } from "./workload.ts";

const account = accountOf(1, "sender", 0);
const to = accountOf(1, "sender", 1).address;
const base: Fields = {
  chainId: 31337,
  nonce: 0,
  maxPriorityFeePerGas: 1n,
  maxFeePerGas: 2n,
  gas: 21_000,
  to,
  value: 0n,
  data: new Uint8Array(0),
};

const CASES: Record<string, Partial<Fields>> = {
  "zeros and a nonce of one byte": { maxPriorityFeePerGas: 0n, maxFeePerGas: 0n, nonce: 127 },
  "a nonce of two bytes, a value of nine": { nonce: 300, value: 2n ** 64n },
  "a large chain id": { chainId: 2 ** 52, maxFeePerGas: 10n ** 18n },
  "one byte of data, small": { data: Uint8Array.of(0x7f) },
  "one byte of data, large": { data: Uint8Array.of(0x80) },
  "data of 55, 56 and more bytes": { data: new Uint8Array(56).fill(9) },
  "data of 300 bytes": { data: new Uint8Array(300).fill(255) },
  "a contract": { to: null, data: new Uint8Array(48 * 1024).fill(3), gas: 16_000_000 },
};

describe("signing by hand", () => {
  it.each(Object.entries(CASES))("is what viem signs: %s", async (_name, change) => {
    const fields = { ...base, ...change };
    const viem = privateKeyToAccount(to0x(account.key) as `0x${string}`);
    const expected = await viem.signTransaction({
      type: "eip1559",
      chainId: fields.chainId,
      nonce: fields.nonce,
      maxPriorityFeePerGas: fields.maxPriorityFeePerGas,
      maxFeePerGas: fields.maxFeePerGas,
      gas: BigInt(fields.gas),
      to: fields.to && (to0x(fields.to) as `0x${string}`),
      value: fields.value,
      data: to0x(fields.data) as `0x${string}`,
    });
    const { raw, hash } = signTransaction(fields, account.key);
    expect(to0x(raw)).toBe(expected);
    expect(to0x(hash)).toBe(keccak256(expected));
  });

  it("is what viem signs for many keys: a signature's integers may begin with zeros", async () => {
    for (let i = 0; i < 300; i++) {
      const { key, address } = accountOf(7, "sender", i);
      const viem = privateKeyToAccount(to0x(key) as `0x${string}`);
      expect(to0x(address)).toBe(viem.address.toLowerCase());
      const fees = { maxPriorityFeePerGas: 1n, maxFeePerGas: 2n };
      const expected = await viem.signTransaction({
        type: "eip1559",
        chainId: 1,
        nonce: i,
        gas: 21_000n,
        to: to0x(to) as `0x${string}`,
        ...fees,
      });
      expect(to0x(signTransaction({ ...base, chainId: 1, nonce: i }, key).raw)).toBe(expected);
    }
  });
});

describe("a seeded workload", () => {
  const make = async (seed: number) => {
    const accounts = Array.from({ length: 5 }, (_, i) => accountOf(seed, "sender", i));
    const call = await transfers.prepare({ seed, senders: accounts } as never);
    return signWorkload(call, { accounts, nonces: [0, 0, 0, 0, 3], chainId: 31337, maxFeePerGas: 100n, count: 12 });
  };

  it("has the same bytes for one seed, and others for another", async () => {
    const [one, again, other] = [await make(1), await make(1), await make(2)];
    expect(again.raws).toEqual(one.raws);
    expect(other.hashes.filter((x) => one.indexOf.has(x))).toEqual([]);
    expect(new Set(one.hashes).size).toBe(12);
  });

  it("goes on from the nonce that an account has", async () => {
    const { raws } = await make(1);
    const { key } = accountOf(1, "sender", 4);
    expect(addressOfKey(key)).toEqual(accountOf(1, "sender", 4).address);
    // chain id 0x827a69, then the nonce
    expect([raws[4], raws[9]].map((raw) => to0x(raw as Uint8Array).slice(8, 18))).toEqual(
      ["82 7a69 03", "82 7a69 04"].map((x) => expect.stringContaining(x.replaceAll(" ", ""))),
    );
    expect(fromHex("0x")).toEqual(new Uint8Array(0));
  });
});
