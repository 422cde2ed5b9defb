/** Slots and changed accounts, as clients ask for them. */
import { bigIntToBytes, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

const servers: RpcServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const WHO = `0x${"11".repeat(20)}`;
const word = (n: number) => bigIntToBytes(BigInt(n), 32);
const hashOf = (n: number) => keccak256(word(n));
/** Keys 0 to 9 in the order of their hashes. */
const KEYS = Array.from({ length: 10 }, (_, i) => i).sort((a, b) => Buffer.compare(hashOf(a), hashOf(b)));

/** Slot i of a parent's state holds i + 1; the block's first transaction sets slot 3 to 0x99 and deletes slot 4. */
function serve() {
  const { deps, mine } = createFakeChain();
  mine([]);
  const before: string[] = [];
  const execution: typeof deps.execution = {
    ...deps.execution,
    transactions: async () => [{}, {}] as never,
    async storageRange(number, _, from, limit) {
      before.push(String(number));
      const all = KEYS.map((n) => ({ hash: hashOf(n), key: word(n), value: BigInt(n + 1) })).filter(
        (x) => Buffer.compare(x.hash, from) >= 0,
      );
      return { slots: all.slice(0, limit), next: all[limit]?.hash };
    },
    async trace() {
      const pre = { [WHO]: { storage: { [to0x(word(3))]: "0x04", [to0x(word(4))]: "0x05" } } };
      const post = { [WHO]: { storage: { [to0x(word(3))]: "0x99" } } };
      return [{ result: JSON.stringify({ pre, post }) }, { result: JSON.stringify({ pre: {}, post: {} }) }];
    },
    codeOf: async (hash) => (hash[0] === 1 ? Uint8Array.of(0x60) : undefined),
    changedBetween: async (from, to) => [from, to].map((x) => new Uint8Array(20).fill(x)),
  };
  const server = createRpcServer({ port: 0 }, { ...deps, execution });
  servers.push(server);
  return { before, server, ask: (name: string, ...params: unknown[]) => resultOf(server, name, ...params) };
}

type Range = { storage: Record<string, { key: string; value: string }>; nextKey: string | null };
const values = ({ storage }: Range) => Object.fromEntries(Object.values(storage).map(({ key, value }) => [Number(key), Number(value)]));

it("tells slots before a transaction of a block, page by page", async () => {
  const { ask, before } = serve();
  const first = (await ask("debug_storageRangeAt", "0x1", 0, WHO, "0x", 100)) as Range;
  expect([values(first), first.nextKey, before.shift()]).toEqual([Object.fromEntries(KEYS.map((n) => [n, n + 1])), null, "0"]);
  const second = (await ask("debug_storageRangeAt", "0x1", 1, WHO, "0x", 100)) as Range;
  expect(values(second)).toEqual(Object.fromEntries(KEYS.filter((n) => n !== 4).map((n) => [n, n === 3 ? 0x99 : n + 1])));
  for (const index of [0, 1]) {
    const pages: Record<string, number>[] = [];
    for (let start: string | null = "0x"; start !== null; ) {
      const page = (await ask("debug_storageRangeAt", "0x1", index, WHO, start, 3)) as Range;
      pages.push(values(page));
      expect(Object.keys(page.storage).length).toBeLessThanOrEqual(3);
      start = page.nextKey;
    }
    expect(Object.assign({}, ...pages)).toEqual(values(index === 0 ? first : second));
  }
});

it("refuses an index that no transaction has", async () => {
  const { server } = serve();
  expect((await callRpc(server, "debug_storageRangeAt", "0x1", 2, WHO, "0x", 1)).error?.code).toBe(-32602);
});

it("names a code by its hash, and accounts by the numbers between which they changed", async () => {
  const { ask, server } = serve();
  expect(await ask("debug_codeByHash", to0x(keccak256(new Uint8Array(0))))).toBe("0x");
  expect(await ask("debug_codeByHash", `0x01${"00".repeat(31)}`)).toBe("0x60");
  expect(await ask("debug_codeByHash", `0x02${"00".repeat(31)}`)).toBeNull();
  expect(await ask("debug_getModifiedAccountsByNumber", "0x1")).toEqual([`0x${"00".repeat(20)}`, `0x${"01".repeat(20)}`]);
  expect(await ask("debug_getModifiedAccountsByNumber", "0x0", "latest")).toEqual([`0x${"00".repeat(20)}`, `0x${"01".repeat(20)}`]);
  expect((await callRpc(server, "debug_getModifiedAccountsByNumber", "0x1", "0x1")).error?.code).toBe(-32602);
});
