/** A chain dumped and loaded into another: the same state root, whatever stood there; and what is no dump changes nothing. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, concatBytes, fromHex, trimZeros, u32be } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { describe, expect, it } from "vitest";
import { encodeChunk, MAX_CHUNK_BYTES } from "../system/chunk.ts";
import { KEPT, RESTORED } from "../system/control-slots.ts";
import { encodeImpersonate } from "../system/impersonate.ts";
import { KIND } from "../system/kinds.ts";
import { encodeLoad, MAX_LOAD_ENTRIES } from "../system/load.ts";
import { encodeMining } from "../system/mining.ts";
import { encodeNext } from "../system/next.ts";
import { OUTCOME } from "../system/outcomes.ts";
import { encodeRevert } from "../system/revert.ts";
import type { SetAccount } from "../system/set.ts";
import { COINBASE, signedTx, startChain, testAddress } from "../testing/chain.ts";
import { INSTANT, operationOf, setInput } from "../testing/operations.ts";
import { fromAnvil } from "./anvil.ts";
import { accountRecord, endRecord, headRecord, MAGIC, slotsRecord } from "./format.ts";
import { readDump } from "./read.ts";
import { writeDump } from "./write.ts";

const CONTRACT = fromHex(`0x${"c0".repeat(20)}`);
const NEW = fromHex(`0x${"e1".repeat(20)}`);
const word = (value: number) => bigIntToBytes(BigInt(value), 32);

async function collect(parts: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const part of parts) all.push(part);
  return concatBytes(...all);
}

type Chain = Awaited<ReturnType<typeof startChain>>;

/** A chain that is driven height by height. */
async function start(o: Parameters<typeof startChain>[0] = {}) {
  const chain = await startChain({ genesis: INSTANT, ...o });
  let height = 0;
  const run = (txs: Bytes[] = [], ...system: ReturnType<typeof setInput>[]) => chain.service.execute(chain.input(++height, txs, system));
  return {
    ...chain,
    run,
    dump: () => collect(writeDump(chain.service, 31337)),
    /** The outcome of the load. */
    async load(bytes: Bytes) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / MAX_CHUNK_BYTES) }, (_, i) =>
        operationOf(KIND.chunk, encodeChunk(bytes.subarray(i * MAX_CHUNK_BYTES, (i + 1) * MAX_CHUNK_BYTES))),
      );
      await run([], ...chunks);
      return run([], operationOf(KIND.load, encodeLoad({ staged: chunks.map((x) => x.id) })));
    },
  };
}

const rootOf = async ({ service }: Pick<Chain, "service">) => (await service.results(0, 1e6)).at(-1)?.stateRoot;
const slots = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({ key: word(from + i), value: word(i + 1) }));

async function lively() {
  const chain = await start({ accounts: 6 });
  const many: SetAccount[] = Array.from({ length: 300 }, (_, i) => ({
    address: fromHex(`0x${(i + 1).toString(16).padStart(40, "a")}`),
    balance: BigInt(i),
  }));
  await chain.run([signedTx(0, { nonce: 0n, to: `0x${"dd".repeat(20)}`, value: 5n })], ...many.map(setInput));
  await chain.run([], setInput({ address: CONTRACT, code: fromHex("0x60015f5500"), slots: slots(0, 1000) }));
  await chain.run(
    [],
    setInput({ address: CONTRACT, slots: slots(5000, 1024) }),
    setInput({ address: CONTRACT, slots: slots(0, 1).map(({ key }) => ({ key, value: word(0) })) }),
  );
  await chain.run([], operationOf(KIND.next, encodeNext({ gasLimit: 40_000_000n, coinbase: COINBASE })));
  await chain.run([], operationOf(KIND.impersonate, encodeImpersonate({ address: NEW, on: true })));
  return chain;
}

it("a loaded chain has the dumped root, code, slots and controls; what it had besides is gone, and a revert brings it back", async () => {
  const from = await lively();
  const bytes = await from.dump();
  const to = await start();
  await to.run([], setInput({ address: NEW, balance: 9n, slots: slots(1, 3) }), setInput({ address: CONTRACT, slots: slots(7000, 5) }));
  const before = await rootOf(to);
  await to.run([], operationOf(KIND.snapshot, new Uint8Array(0)));
  const { operations, result } = await to.load(bytes);
  expect(operations).toMatchObject([{ outcome: OUTCOME.done }]);
  const plain = await start();
  expect((await plain.load(bytes)).result.stateRoot).toEqual(await rootOf(from));
  // With a snapshot of its own there is one slot more.
  expect(result.stateRoot).not.toEqual(await rootOf(from));
  const newest = result.number;
  expect((await to.service.account(newest, NEW)).balance).toBe(0n);
  expect([await to.service.slot(newest, CONTRACT, word(5001)), await to.service.slot(newest, CONTRACT, word(7001))]).toEqual([2n, 0n]);
  expect(Buffer.from(await to.service.code(newest, CONTRACT)).toString("hex")).toBe("60015f5500");
  const { block } = await to.run([signedTx(0, { nonce: 1n, to: `0x${"dd".repeat(20)}` })]);
  expect([block.gasLimit, block.txHashes.length]).toEqual([40_000_000n, 1]);
  const back = await to.run([], operationOf(KIND.revert, encodeRevert({ snapshot: 0 })));
  expect([back.operations[0]?.outcome, (await to.service.account(back.result.number, NEW)).balance]).toEqual([OUTCOME.done, 9n]);
  expect(before).toBeDefined();
});

it("is the state of one height, though the chain goes on between its pages", async () => {
  const chain = await lively();
  const root = await rootOf(chain);
  const parts: Bytes[] = [];
  let pages = 0;
  const dump: Chain["service"]["dump"] = async (from) => {
    const page = await chain.service.dump(from);
    if (pages++ < 3) {
      await chain.run([], setInput({ address: CONTRACT, slots: slots(2, 900) }), setInput({ address: NEW, balance: BigInt(pages) }));
      await chain.run([signedTx(1, { nonce: BigInt(pages - 1), to: `0x${"dd".repeat(20)}` })]);
    }
    return page;
  };
  for await (const part of writeDump({ dump }, 31337)) parts.push(part);
  const to = await start();
  expect((await to.load(concatBytes(...parts))).result.stateRoot).toEqual(root);
});

it("a big account is cut into pages and put together again", async () => {
  const chain = await start({ accounts: 1 });
  for (let i = 0; i < 17; i++)
    await chain.run(
      [],
      setInput({
        address: CONTRACT,
        slots: Array.from({ length: 1024 }, (_, k) => ({ key: sha256(u32be(1024 * i + k)), value: sha256(u32be(k)) })),
      }),
    );
  let pages = 0;
  const dump: Chain["service"]["dump"] = (from) => {
    pages++;
    return chain.service.dump(from);
  };
  const bytes = await collect(writeDump({ dump }, 31337));
  expect(pages).toBeGreaterThan(1);
  const to = await start({ genesis: {} }); // where every other height has a block
  expect((await to.load(bytes)).result.stateRoot).toEqual(await rootOf(chain));
});

describe("what is no dump", () => {
  const head = headRecord({ whole: false, chainId: 1, number: blockNumber(0), height: 0, stateRoot: word(0) });
  const good = accountRecord({ address: NEW, nonce: 1n, balance: 2n, code: new Uint8Array(0) });
  const sealed = (...parts: Bytes[]) => {
    const body = concatBytes(MAGIC, ...parts);
    return concatBytes(body, sha256(body));
  };
  const many = Array.from({ length: 128 }, (_, r) =>
    slotsRecord(Array.from({ length: 1024 }, (_, i) => [Uint8Array.of(1, r, i >> 8, i & 255), Uint8Array.of(1)]).flat()),
  );
  const cases: [string, Bytes, number][] = [
    ["one that is whole", sealed(head, good, endRecord(1, 0)), OUTCOME.done],
    ["a flipped bit", sealed(head, good, endRecord(1, 0)).with(30, 0xff), OUTCOME.dumpChecksum],
    ["cut off", sealed(head, good, endRecord(1, 0)).subarray(0, 60), OUTCOME.dumpChecksum],
    ["another version", concatBytes(fromHex("0x6e6f656d612d64756d702f32"), new Uint8Array(90)), OUTCOME.dumpMalformed],
    ["no end", sealed(head, good), OUTCOME.dumpMalformed],
    ["a record behind the end", sealed(head, good, endRecord(1, 0), good), OUTCOME.dumpMalformed],
    ["a length that lies", sealed(head, concatBytes(u32be(0xffffffff), good.subarray(4)), endRecord(1, 0)), OUTCOME.dumpMalformed],
    ["a count that lies", sealed(head, good, endRecord(2, 0)), OUTCOME.dumpMalformed],
    [
      "slots of nobody",
      sealed(head, slotsRecord([word(1), Uint8Array.of(1)].map((x) => x.subarray(-1))), endRecord(0, 1)),
      OUTCOME.dumpMalformed,
    ],
    [
      "a code above the limit",
      sealed(head, accountRecord({ address: NEW, nonce: 0n, balance: 0n, code: new Uint8Array(126_701) }), endRecord(1, 0)),
      OUTCOME.dumpMalformed,
    ],
    [
      "a nonce above EIP-2681",
      sealed(head, accountRecord({ address: NEW, nonce: 2n ** 64n - 1n, balance: 0n, code: new Uint8Array(0) }), endRecord(1, 0)),
      OUTCOME.dumpMalformed,
    ],
    [
      "a balance above 2^256",
      sealed(head, accountRecord({ address: NEW, nonce: 0n, balance: 2n ** 256n, code: new Uint8Array(0) }), endRecord(1, 0)),
      OUTCOME.dumpMalformed,
    ],
    [
      "controls laid over a chain's",
      sealed(head, accountRecord({ address: RESTORED, nonce: 1n, balance: 0n, code: new Uint8Array(0) }), endRecord(1, 0)),
      OUTCOME.reservedAddress,
    ],
    ["too many slots", sealed(head, good, ...many, endRecord(1, 131_072)), OUTCOME.dumpTooLarge],
    ["nothing", new Uint8Array(1), OUTCOME.dumpMalformed],
  ];
  it.each(cases)("%s", async (_, bytes, outcome) => {
    const chain = await start();
    const { result } = await chain.run([]);
    const { operations, result: after } = await chain.load(bytes);
    expect(operations).toMatchObject([{ outcome }]);
    const accounts = await chain.service.account(after.number, NEW);
    expect([accounts.balance, accounts.nonce]).toEqual(outcome === OUTCOME.done ? [2n, 1n] : [0n, 0n]);
    expect(result.stateRoot).toBeDefined();
  });

  const controls = (account: Bytes, slot: number, value: Bytes) =>
    sealed(
      headRecord({ whole: true, chainId: 1, number: blockNumber(0), height: 0, stateRoot: word(0) }),
      accountRecord({ address: account, nonce: 1n, balance: 0n, code: new Uint8Array(0) }),
      slotsRecord([trimZeros(word(slot)), value]),
      endRecord(1, 1),
    );

  it("controls out of range come in with no whole one either", async () => {
    const chain = await start();
    await chain.run();
    const ended = await chain.load(controls(RESTORED, 7, word(0).fill(0xff)));
    expect(ended.operations).toMatchObject([{ outcome: OUTCOME.outOfRange }]);
    expect((await chain.service.account(blockNumber(0), testAddress(0))).balance).toBeGreaterThan(0n);
  });

  it.each([RESTORED, KEPT])("no word of a control stops the chain (%#)", async (account) => {
    const words = [32, 31, 21, 20, 19].map((bytes) => new Uint8Array(bytes).fill(0xff));
    for (let slot = 0; slot < 8; slot++)
      for (const value of words) {
        const chain = await start();
        await chain.run();
        const { operations } = await chain.load(controls(account, slot, value));
        expect([OUTCOME.done, OUTCOME.outOfRange]).toContain(operations[0]?.outcome);
        await chain.run([], operationOf(KIND.mining, encodeMining({ every: true, auto: true, intervalMs: 0 })));
        expect((await chain.run()).block).toBeDefined();
      }
  });
});

it("a crash in the middle of a load leaves the old state whole, and what was staged", async () => {
  const bytes = await (await lively()).dump();
  const chain = await start();
  await chain.run();
  const chunk = operationOf(KIND.chunk, encodeChunk(bytes));
  const { result } = await chain.run([], chunk);
  chain.kv.crash();
  const again = await chain.reopen();
  expect((await again.result(2))?.stateRoot).toEqual(result.stateRoot);
  const lost = again.execute(
    chain.input(3, [], [operationOf(KIND.load, encodeLoad({ staged: [chunk.id] }))]),
    Promise.reject(new Error("no disk")),
  );
  await expect(lost).rejects.toThrow("no disk");
  expect(await again.result(3)).toBeUndefined();
  expect((await again.account((await again.result(2))?.number as never, CONTRACT)).balance).toBe(0n);
  const ended = await again.execute(chain.input(3, [], [operationOf(KIND.load, encodeLoad({ staged: [chunk.id] }))]));
  expect(ended.operations).toMatchObject([{ outcome: OUTCOME.done }]);
});

it("snapshots stay the chain's own, the next id is the greater, and mining is the dump's", async () => {
  const from = await start();
  for (let i = 0; i < 3; i++) await from.run([], operationOf(KIND.snapshot, new Uint8Array(0)));
  await from.run([], operationOf(KIND.mining, encodeMining({ every: false, auto: true, intervalMs: 0 })));
  const to = await start();
  await to.run([], operationOf(KIND.snapshot, new Uint8Array(0)));
  const { dev } = await to.load(await from.dump());
  expect(dev).toMatchObject({ nextSnapshot: 3, mining: { auto: true } });
  const foreign = await to.run([], operationOf(KIND.revert, encodeRevert({ snapshot: 2 })));
  expect(foreign.operations).toMatchObject([{ outcome: OUTCOME.snapshotUnknown }]);
});

describe("anvil's own", () => {
  const json = readFileSync(new URL("./testing/anvil-1.7.1.json", import.meta.url));
  const HAND = fromHex(`0x${"d0".repeat(20)}`);

  it.each([
    ["JSON", json],
    ["gzip of it", gzipSync(json)],
  ])("%s is laid over what there is", async (_, bytes) => {
    const chain = await start();
    const { result, operations } = await chain.load(fromAnvil(bytes));
    expect(operations).toMatchObject([{ outcome: OUTCOME.done }]);
    expect(await chain.service.account(result.number, HAND)).toMatchObject({ nonce: 7n, balance: 3n });
    expect(await chain.service.slot(result.number, HAND, word(5))).toBe(9n);
    expect((await chain.service.account(result.number, testAddress(0))).balance).toBeGreaterThan(0n);
  });

  const accounts = (count: number, storage: object = {}) => {
    const each = { nonce: 1, balance: "0x1", storage };
    const named = Array.from({ length: count }, (_, i) => [`0x${i.toString(16).padStart(40, "0")}`, each]);
    return Buffer.from(JSON.stringify({ accounts: Object.fromEntries(named) }));
  };

  it("may have as many accounts and slots as is said", () => {
    const tooLarge = expect.objectContaining({ code: "DEV_DUMP_TOO_LARGE" });
    const most = MAX_LOAD_ENTRIES;
    expect([...readDump(fromAnvil(accounts(most), most), most).accounts()]).toHaveLength(most);
    expect(() => fromAnvil(accounts(most + 1), most)).toThrow(tooLarge);
    expect(() => fromAnvil(accounts(2, { "0x1": "0x1" }), 3)).toThrow(tooLarge);
    expect(fromAnvil(accounts(2, { "0x1": "0x1" }), 4)).toBeDefined();
  });

  it.each([
    ["no JSON", "{"],
    ["no accounts", "{}"],
    ["no address", '{"accounts":{"0x1":{"nonce":0,"balance":"0x0"}}}'],
    ["a number that is none", '{"accounts":{"0xd0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0":{"nonce":-1,"balance":"0x0"}}}'],
  ])("%s is told", (_, text) => {
    expect(() => fromAnvil(Buffer.from(text))).toThrow(expect.objectContaining({ code: "DEV_DUMP_MALFORMED" }));
  });
});
