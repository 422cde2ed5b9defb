import { createBlockHeaderFromRLP } from "@ethereumjs/block";
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, fromHex, readU64be, to0x, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import { describe, expect, it } from "vitest";
import { findLogs } from "./blocks/logs.ts";
import { createSharedCommon } from "./engine/reference/common.ts";
import type { HeaderRecord } from "./records.ts";
import { encodeLeaf } from "./state/account.ts";
import { CHAIN_ID, COINBASE, ECHO, signedTx, startChain, testAddress } from "./testing/chain.ts";

/** Stores the first word of its input in slot 0, logs it under topic 7, and returns it. */
const STORE = "0x5f35805f558060075f5fa15f5260205ff3";
const STORE_AT = "0x00000000000000000000000000000000000000c0";
/** Reverts with its input. */
const REVERT_AT = "0x00000000000000000000000000000000000000c1";
/** Calls the echo precompile with its whole input and returns what that returned. */
const ECHO_AT = "0x00000000000000000000000000000000000000c2";
const alloc = {
  [STORE_AT]: { code: STORE },
  [REVERT_AT]: { code: "0x365f5f37365ffd" },
  [ECHO_AT]: { code: "0x365f5f375f5f365f610a005afa503d5f5f3e3d5ff3" },
};
const word = (n: number) => fromHex(n.toString(16).padStart(64, "0"));

describe("execution service", () => {
  it("lets a final block run between two runs of an estimate", async () => {
    const { service, input, next, precompiles } = await startChain({ alloc });
    const estimate = service.estimateGas({ to: fromHex(ECHO_AT), data: new Uint8Array(64) }, next(0));
    await Promise.all([service.execute(input(1)), estimate]);
    expect(precompiles.log.filter((x) => x.startsWith("run")).length).toBeGreaterThan(1);
    expect(precompiles.log.lastIndexOf("block 1")).toBeLessThan(precompiles.log.lastIndexOf("run 64"));
  });

  it("says once why a transaction failed, with at most 1024 bytes of what it reverted with", async () => {
    const { service, input } = await startChain({ alloc });
    const data = new Uint8Array(1500).fill(7);
    const block = input(1, [
      signedTx(0, { to: REVERT_AT, data }),
      signedTx(1, { to: STORE_AT, gasLimit: 22_000n }),
      signedTx(2, { to: STORE_AT }),
    ]);
    const failures = (await service.execute(block)).included.map((x) => x.failure);
    expect(failures).toMatchObject([{ error: "revert", output: data.subarray(0, 1024) }, { error: "out of gas" }, undefined]);
    expect((await service.execute(block)).included.map((x) => x.ok)).toEqual([false, false, true]);
  });

  it("executes a typed transaction whose logs are larger than a stack", async () => {
    const at = "0x00000000000000000000000000000000000000c3";
    // LOG0 of 450,000 bytes: a receipt of as many.
    const { service, input } = await startChain({ alloc: { [at]: { code: "0x6206ddd05fa000" } } });
    const { included, receipts } = await service.execute(input(1, [signedTx(0, { to: at, gasLimit: 8_000_000n })]));
    expect(included).toMatchObject([{ ok: true }]);
    expect(receipts[0]?.logs[0]?.data.length).toBe(450_000);
  });

  it("finds the same logs in one step or in many, each once", async () => {
    const { service, input, kv } = await startChain({ alloc });
    for (const h of [1, 2, 3, 4]) await service.execute(input(h, [signedTx(0, { nonce: BigInt(h - 1), to: STORE_AT, data: word(h) })]));
    const filter = { from: blockNumber(1), to: blockNumber(3), topics: [[word(7)]], limit: 3 };
    const whole = await service.logs(filter);
    expect(whole.map((log) => log.number)).toEqual([1, 2, 3]);
    const snapshot = kv.snapshot();
    for (const step of [1, 2, 3]) expect(await findLogs(snapshot, filter, { from: 1, to: 3 }, { fork: "osaka", step })).toEqual(whole);
    snapshot.close();
  });

  it("trusts nothing in memory after a write that was made and then failed", async () => {
    const [chain, other] = [await startChain({ alloc }), await startChain({ alloc })];
    const txs = (nonce: bigint) => [
      signedTx(0, { nonce, to: STORE_AT, data: word(Number(nonce) + 1) }),
      signedTx(1, { nonce, to: REVERT_AT, value: 5n }),
    ];
    await chain.service.execute(chain.input(1, txs(0n)));
    const { write } = chain.kv;
    chain.kv.write = async (...args) => {
      await write(...args);
      throw new Error("the fsync failed");
    };
    await expect(chain.service.execute(chain.input(2, txs(1n)))).rejects.toThrow("the fsync failed");
    chain.kv.write = write;
    await chain.service.execute(chain.input(2, txs(1n)));
    const { result, skipped } = await chain.service.execute(chain.input(3, txs(2n)));
    expect(skipped).toEqual([]);
    for (const [height, nonce] of [
      [1, 0n],
      [2, 1n],
    ] as const)
      await other.service.execute(other.input(height, txs(nonce)));
    expect(result).toEqual((await other.service.execute(other.input(3, txs(2n)))).result);
  });

  it("makes Ethereum's block: hash of the header, roots, receipts, and proofs against the state root", async () => {
    const { service, input } = await startChain({ alloc });
    const to = fromHex("0x00000000000000000000000000000000000000dd");
    const txs = [
      signedTx(0, { nonce: 0n, to: to0x(to) as `0x${string}`, value: 5n }),
      signedTx(1, { nonce: 0n, to: STORE_AT, data: word(42) }),
      signedTx(1, { nonce: 1n, to: REVERT_AT, data: word(1) }),
      signedTx(2, { nonce: 0n, data: "0x60015f5360015ff3" }),
    ];
    const { result, block, included, skipped, receipts } = await service.execute(input(1, txs));
    expect(skipped).toEqual([]);
    expect(included.map((tx) => tx.ok)).toEqual([true, true, false, true]);
    expect(keccak256(block.headerRlp)).toEqual(block.hash);
    expect(result.evmBlockHash).toEqual(block.hash);
    const common = createSharedCommon("osaka", CHAIN_ID);
    const header = createBlockHeaderFromRLP(block.headerRlp, { common, skipConsensusFormatValidation: true });
    expect(header.hash()).toEqual(block.hash);
    expect(header.parentBeaconBlockRoot).toEqual(input(1).parentConsensusHash);
    expect(receipts[1]?.logs[0]?.topics).toEqual([word(7)]);
    expect(receipts[3]?.contractAddress).toBeDefined();
    expect(await service.receipts(blockNumber(1)), "as stored, with the bloom made again").toEqual(receipts);
    expect(await service.block(block.hash)).toEqual(block);
    const headers = await service.headers(blockNumber(0), blockNumber(9)); // as far as there are any
    expect(headers.map((x) => x.number)).toEqual([0, 1]);
    expect(block).toMatchObject(headers[1] as HeaderRecord);
    expect(headers[1]?.gasUsed).toBeGreaterThan(0n);
    expect(await service.code(blockNumber(1), receipts[3]?.contractAddress as Uint8Array)).toEqual(Uint8Array.of(1));
    expect(await service.slot(blockNumber(1), fromHex(STORE_AT), word(0))).toBe(42n);

    const proof = await service.proof(blockNumber(1), fromHex(STORE_AT), [word(0), word(1)]);
    const proven = await verifyMerkleProof(keccak256(fromHex(STORE_AT)), proof.accountProof);
    expect(proven).toEqual(encodeLeaf(proof.account));
    expect(keccak256(proof.accountProof[0] as Uint8Array)).toEqual(result.stateRoot);
    expect(keccak256(proof.storage[0]?.proof[0] as Uint8Array)).toEqual(proof.account.storageRoot);
    expect(await verifyMerkleProof(keccak256(word(0)), proof.storage[0]?.proof as Uint8Array[])).toEqual(Uint8Array.of(42));
    expect(await verifyMerkleProof(keccak256(word(1)), proof.storage[1]?.proof as Uint8Array[])).toBeNull();
    const absent = await service.proof(blockNumber(1), fromHex("0x00000000000000000000000000000000000000ff"), []);
    expect(await verifyMerkleProof(keccak256(fromHex("0x00000000000000000000000000000000000000ff")), absent.accountProof)).toBeNull();
    const logs = await service.logs({ from: blockNumber(0), to: blockNumber(1), topics: [[word(7)]], limit: 10 });
    expect(logs.map((log) => log.logIndex)).toEqual([0]);
    expect(await service.logs({ from: blockNumber(0), to: blockNumber(1), addresses: [to], limit: 10 })).toEqual([]);
    await expect(service.logs({ from: blockNumber(0), to: blockNumber(1), limit: 0 })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  it("skips what is invalid at its turn, records why, and says what may come again", async () => {
    const { service, input } = await startChain({ alloc });
    const first = signedTx(0, { nonce: 0n, to: STORE_AT, value: 1n });
    const txs = [
      signedTx(0, { nonce: 1n, to: STORE_AT }),
      first,
      first,
      signedTx(0, { nonce: 1n, to: STORE_AT, gasLimit: 21_000n, data: word(255) }),
      signedTx(0, { nonce: 1n, to: STORE_AT, maxFeePerGas: 1n, maxPriorityFeePerGas: 0n }),
      signedTx(0, { nonce: 1n, to: STORE_AT, value: 10n ** 24n }),
      Uint8Array.of(1, 2, 3),
      new Uint8Array(0),
      signedTx(0, { nonce: 1n, to: STORE_AT }),
    ];
    const { included, skipped, result } = await service.execute(input(1, txs));
    expect(included.map((tx) => tx.hash)).toEqual([first, txs.at(-1) as Uint8Array].map((raw) => keccak256(raw)));
    expect(skipped.map((s) => [s.code, s.retry])).toEqual([
      ["SKIP_NONCE_TOO_HIGH", true],
      ["SKIP_NONCE_TOO_LOW", false],
      ["SKIP_INTRINSIC_GAS", false],
      ["SKIP_FEE", true],
      ["SKIP_BALANCE", true],
      ["SKIP_MALFORMED", false],
      ["SKIP_MALFORMED", false],
    ]);
    const numbers = [5, 4, 3, 7, 6, 1, 1];
    const bytes = skipped.flatMap((s, i) => [...s.hash, numbers[i] as number]);
    expect(result.skippedRoot).toEqual(sha256(Uint8Array.from(bytes)));
    expect((await service.execute(input(2))).result.skippedRoot).toEqual(ZERO_HASH);
  });

  it("is idempotent for the newest height, in order otherwise, and goes on after a restart", async () => {
    const { service, input, reopen } = await startChain({ alloc });
    const txs = [signedTx(0, { nonce: 0n, to: STORE_AT, data: word(9) }), Uint8Array.of(9)];
    const once = await service.execute(input(1, txs));
    expect(await service.execute(input(1, txs))).toEqual(once);
    await expect(service.execute(input(3))).rejects.toMatchObject({ code: "EXEC_OUT_OF_ORDER" });
    const second = await reopen();
    expect(await second.execute(input(1, txs))).toMatchObject({ result: once.result, shown: once.shown, touched: once.touched });
    const next = [signedTx(0, { nonce: 1n, to: STORE_AT, data: word(0) })];
    const a = await second.execute(input(2, next));
    const other = await startChain({ alloc });
    await other.service.execute(input(1, txs));
    expect((await other.service.execute(input(2, next))).result).toEqual(a.result);
  });

  it("keeps nothing of a block whose write fails or whose model is missing", async () => {
    const { service, input, kv, precompiles } = await startChain({ alloc });
    const txs = [signedTx(0, { nonce: 0n, to: STORE_AT, data: word(9) })];
    kv.failWrites(new Error("disk full"));
    await expect(service.execute(input(1, txs))).rejects.toThrow("disk full");
    kv.failWrites(undefined);
    const { beginBlock } = precompiles;
    precompiles.beginBlock = () => {
      throw new Error("NEED_MODEL");
    };
    await expect(service.execute(input(1, txs))).rejects.toThrow("NEED_MODEL");
    precompiles.beginBlock = beginBlock;
    const [echo] = precompiles.precompiles;
    const { run } = echo;
    echo.run = () => {
      throw new TypeError("out of memory");
    };
    const infer = signedTx(2, { nonce: 0n, to: ECHO_AT, data: word(5) });
    await expect(service.execute(input(1, [...txs, infer])), "a failing machine is no skipped transaction").rejects.toMatchObject({
      code: "EXEC_ENGINE_FAILED",
    });
    echo.run = run;
    const other = await startChain({ alloc });
    expect(await service.execute(input(1, txs))).toEqual(await other.service.execute(input(1, txs)));
    expect((await service.execute(input(2))).result).toEqual((await other.service.execute(input(2))).result);
  });

  it("executes before its block is stored, and keeps and shows nothing until it is; nothing at all where it never is", async () => {
    const { service, input, kv } = await startChain({ alloc });
    const txs = [signedTx(0, { nonce: 0n, to: STORE_AT, data: word(9) })];
    const other = await startChain({ alloc });
    const expected = await other.service.execute(other.input(1, txs));
    let writes = 0;
    const { write } = kv;
    kv.write = (...args) => {
      writes++;
      return write(...args);
    };
    const never = Promise.withResolvers<void>();
    const given = service.execute(input(1, txs), never.promise);
    never.reject(new Error("the vote log failed"));
    await expect(given).rejects.toThrow("the vote log failed");
    const stored = Promise.withResolvers<void>();
    const executing = service.execute(input(1, txs), stored.promise);
    expect((await service.account(blockNumber(0), testAddress(0))).nonce).toBe(0n);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect([writes, await service.result(1)]).toEqual([0, undefined]);
    stored.resolve();
    expect(await executing).toEqual(expected);
    expect(await service.result(1)).toEqual(expected.result);
  });

  it("tells the precompiles height and state that a block or a call begins with", async () => {
    const { service, input, precompiles } = await startChain({ alloc });
    const begun: [number, bigint][] = [];
    precompiles.beginBlock = ({ height, state }) => void begun.push([height, state.slot(fromHex(STORE_AT), word(0))]);
    for (const h of [1, 2]) await service.execute(input(h, [signedTx(0, { nonce: BigInt(h - 1), to: STORE_AT, data: word(40 + h) })]));
    await service.call({ to: fromHex(ECHO_AT), data: word(6) }, blockNumber(1));
    expect(begun).toEqual([
      [1, 0n],
      [2, 41n],
      [1, 41n],
    ]);
  });

  it("runs the precompiles of the port inside transactions and calls", async () => {
    const { service, input, precompiles } = await startChain({ alloc });
    const { included } = await service.execute(input(1, [signedTx(0, { nonce: 0n, to: ECHO_AT, data: word(5) })]));
    expect(included[0]?.ok).toBe(true);
    expect(precompiles.log).toEqual(["block 1", "tx", "run 32"]);
    precompiles.log.length = 0;
    const call = await service.call({ to: fromHex(ECHO_AT), data: word(6) }, blockNumber(1));
    expect(precompiles.log[0], "what is active is what is active in its block").toBe("block 1");
    expect(call).toMatchObject({ ok: true, output: word(6) });
    const direct = await service.call({ to: ECHO, data: word(6) }, blockNumber(1));
    // The floor of EIP-7623: 10 for each of 31 zero bytes and one that is not, which counts four times.
    expect(direct).toMatchObject({ ok: true, output: word(6), gasUsed: 21_000n + 10n * (31n + 4n) });
    const [refused, gas] = [word(6).with(0, 0xff), 60_000n];
    const own = await service.call({ to: ECHO, data: refused, gas }, blockNumber(1));
    expect(own, "what a refusal leaves comes back").toMatchObject({
      ok: false,
      error: "revert",
      output: refused,
      gasUsed: 21_000n + 10n * (30n + 8n),
    });
    const caught = await service.call({ to: fromHex(ECHO_AT), data: refused, gas }, blockNumber(1));
    expect(caught).toMatchObject({ ok: true, output: refused });
    expect(caught.gasUsed).toBeLessThan(25_000n);
    for (const ok of [true, false]) {
      precompiles.precompiles[0].run = () => ({ ok, output: refused, gasUsed: 40_000 });
      const starved = await service.call({ to: ECHO, gas }, blockNumber(1));
      expect(starved).toMatchObject({ ok: false, error: "out of gas", output: new Uint8Array(0), gasUsed: gas });
    }
    expect(await service.code(blockNumber(1), ECHO)).toEqual(new Uint8Array(0));
  });
});

describe("past heights", () => {
  it("answers state and proofs for the kept heights, and says when one is gone or to come", async () => {
    const { service, input, kv } = await startChain({ alloc, history: 4 });
    const roots = [];
    for (let h = 1; h <= 9; h++) {
      const txs = [signedTx(0, { nonce: BigInt(h - 1), to: STORE_AT, data: word(h % 3 === 0 ? 0 : h) })];
      roots[h] = (await service.execute(input(h, txs))).result.stateRoot;
    }
    for (let h = 5; h <= 9; h++) {
      expect(await service.slot(blockNumber(h), fromHex(STORE_AT), word(0))).toBe(BigInt(h % 3 === 0 ? 0 : h));
      expect((await service.account(blockNumber(h), testAddress(0))).nonce).toBe(BigInt(h));
      const proof = await service.proof(blockNumber(h), fromHex(STORE_AT), [word(0)]);
      expect(keccak256(proof.accountProof[0] as Uint8Array)).toEqual(roots[h]);
      expect(await verifyMerkleProof(keccak256(fromHex(STORE_AT)), proof.accountProof)).toEqual(encodeLeaf(proof.account));
      const slot = await verifyMerkleProof(keccak256(word(0)), proof.storage[0]?.proof as Uint8Array[]).catch(() => null);
      expect(slot).toEqual(h % 3 === 0 ? null : Uint8Array.of(h));
    }
    await expect(service.slot(blockNumber(4), fromHex(STORE_AT), word(0))).rejects.toMatchObject({ code: "STATE_PRUNED" });
    await expect(service.slot(blockNumber(10), fromHex(STORE_AT), word(0))).rejects.toMatchObject({ code: "HEIGHT_UNKNOWN" });
    const snapshot = kv.snapshot();
    const kept = [...snapshot.range("changes", Uint8Array.of(0), Uint8Array.of(255), 100)].map(([key]) => readU64be(key));
    expect(kept, "changes of heights that nobody can ask for are gone").toEqual([6, 7, 8, 9]);
    for (const [key] of snapshot.range("history", Uint8Array.of(0), Uint8Array.of(255), 1000)) expect(key.at(-1)).toBeGreaterThanOrEqual(6);
  });
});

it("never answers a height that was pruned, also when more history is asked for later", async () => {
  const { input, service, kv, reopen } = await startChain({ alloc, history: 3 });
  for (let h = 1; h <= 8; h++) await service.execute(input(h, [signedTx(0, { nonce: BigInt(h - 1), to: STORE_AT, data: word(h) })]));
  const more = await reopen(128);
  await expect(more.slot(blockNumber(4), fromHex(STORE_AT), word(0))).rejects.toMatchObject({ code: "STATE_PRUNED" });
  expect(await more.slot(blockNumber(5), fromHex(STORE_AT), word(0))).toBe(5n);
  await more.execute(input(9));
  expect(await more.slot(blockNumber(5), fromHex(STORE_AT), word(0)), "and keeps what is asked for from then on").toBe(5n);
  const less = await reopen(1);
  await less.execute(input(10));
  await expect(less.slot(blockNumber(8), fromHex(STORE_AT), word(0))).rejects.toMatchObject({ code: "STATE_PRUNED" });
  expect(await less.slot(blockNumber(9), fromHex(STORE_AT), word(0))).toBe(8n);
  const snapshot = kv.snapshot();
  expect([...snapshot.range("changes", Uint8Array.of(0), Uint8Array.of(255), 100)].length).toBe(1);
});

describe("calls", () => {
  it("estimates, reverts with output, overrides state, lists accesses", async () => {
    const { service, input, next } = await startChain({ alloc });
    await service.execute(input(1, [signedTx(0, { nonce: 0n, to: STORE_AT, data: word(9) })]));
    const from = testAddress(1);
    expect(await service.estimateGas({ from, to: COINBASE, value: 1n }, next(1))).toBe(21_000n);
    const request = { from, to: fromHex(STORE_AT), data: word(77) };
    const gas = await service.estimateGas(request, next(1));
    expect((await service.call({ ...request, gas }, blockNumber(1))).ok).toBe(true);
    expect((await service.call({ ...request, gas: gas - 1n }, blockNumber(1))).ok).toBe(false);
    await expect(service.estimateGas({ from, to: fromHex(REVERT_AT), data: word(3) }, next(1))).rejects.toMatchObject({
      code: "CALL_REVERTED",
      data: { output: word(3) },
    });
    // SLOAD(0), returned.
    const code = fromHex("0x5f545f5260205ff3");
    const reader = fromHex("0x00000000000000000000000000000000000000ee");
    const at = (override: object) => service.call({ to: reader }, blockNumber(1), [{ address: reader, code, ...override }]);
    expect((await at({})).output).toEqual(word(0));
    expect((await at({ stateDiff: [[word(0), word(5)]] })).output).toEqual(word(5));
    expect(
      (await service.call({ to: fromHex(STORE_AT), data: word(1) }, blockNumber(1), [{ address: fromHex(STORE_AT), code, state: [] }]))
        .output,
    ).toEqual(word(0));
    const list = await service.createAccessList({ from, to: fromHex(STORE_AT), data: word(8) }, next(1));
    expect(list.accessList).toEqual([{ address: fromHex(STORE_AT), storageKeys: [word(0)] }]);
    expect(await service.slot(blockNumber(1), fromHex(STORE_AT), word(0)), "calls change nothing").toBe(9n);
  });

  it("sees its own block, and BLOCKHASH and the ring of EIP-2935 agree", async () => {
    const { service, input } = await startChain();
    const blocks = [];
    for (let h = 1; h <= 3; h++) blocks[h] = (await service.execute(input(h))).block;
    // NUMBER, BLOCKHASH(2), TIMESTAMP, PREVRANDAO
    const code = fromHex("0x435f52600240602052426040524460605260805ff3");
    const address = fromHex("0x00000000000000000000000000000000000000ee");
    const { output } = await service.call({ to: address }, blockNumber(3), [{ address, code }]);
    const timestamp = word(1_700_000_006);
    expect(output).toEqual(concatBytes(word(3), blocks[2]?.hash as Uint8Array, timestamp, input(3).prevRandao));
    const ring = await service.call({ to: fromHex("0x0000f90827f1c53a10cb7a02335b175320002935"), data: word(2) }, blockNumber(3));
    expect(ring.output).toEqual(blocks[2]?.hash);
    const beacon = await service.call({ to: fromHex("0x000f3df6d732807ef1319fb7b8bb8522d0beac02"), data: timestamp }, blockNumber(3));
    expect(beacon.output).toEqual(input(3).parentConsensusHash);
  });
});
