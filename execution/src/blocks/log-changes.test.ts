/** A filter that is polled now and then: what it was given less what was taken back is what the chain has, at every height. */
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import type { LogRecord } from "../records.ts";
import { signedTx, startChain } from "../testing/chain.ts";
import { INSTANT, revertInput, setInput, snapshotInput } from "../testing/operations.ts";

const LOGS = "0x00000000000000000000000000000000000000c7";
const alloc = { [LOGS]: { code: "0x5f5fa05f546001015f5500", balance: "0x0" } };
const ALL = { from: blockNumber(0), to: blockNumber(Number.MAX_SAFE_INTEGER), limit: 1000 };
const HEIGHTS = 80;
const nameOf = (log: LogRecord) => `${to0x(log.blockHash)} ${log.logIndex}`;

it.each([1, 2, 3])("through reverts, seed %i", async (seed) => {
  const random = createSeededRandom(seed);
  const int = (n: number) => (random.bytes(1)[0] as number) % n;
  const { service, input } = await startChain({ genesis: INSTANT, alloc });
  /** Of the chain at each height. */
  const logsAt: string[][] = [[]];
  const hashesAt: string[][] = [[]];
  const ids: number[] = [];
  const given = new Set<string>();
  let nonce = 0;
  const nonces = new Map<number, number>();
  let told = 0;
  for (let height = 1; height <= HEIGHTS; height++) {
    const kind = int(6);
    const id = ids[int(Math.max(1, ids.length))];
    if (kind === 0) {
      const { operations } = await service.execute(input(height, [], [snapshotInput()]));
      nonces.set(operations[0]?.value as number, nonce);
      ids.push(operations[0]?.value as number);
    } else if (kind === 1 && id !== undefined) {
      const { operations } = await service.execute(input(height, [], [revertInput({ snapshot: id })]));
      if (operations[0]?.outcome === 0) nonce = nonces.get(id) as number;
    } else if (kind === 2) await service.execute(input(height, [], [setInput({ address: new Uint8Array(20).fill(height) })]));
    else {
      // Another value in each: a block that comes again is not the same one.
      const txs = Array.from({ length: 1 + int(3) }, () =>
        signedTx(0, { nonce: BigInt(nonce++), to: LOGS, value: BigInt(height), gasLimit: 60_000n }),
      );
      await service.execute(input(height, txs));
    }
    const number = ((await service.result(height)) as { number: number }).number;
    const headers = await service.headers(blockNumber(1), blockNumber(number));
    hashesAt.push(headers.map(({ hash }) => to0x(hash)));
    logsAt.push((await service.logs({ ...ALL, to: blockNumber(number) })).map(nameOf));
    if (int(3) > 0) continue;
    const upTo = told + int(height - told + 1); // what came behind it does not count yet
    const hadBlocks = new Set(hashesAt[told]);
    const { removed, added } = await service.logChanges({ ...ALL, after: told, upTo });
    for (const log of removed) expect(given.delete(nameOf(log)), "was given").toBe(true);
    for (const log of added) expect(given.has(nameOf(log)), "is new").toBe(false);
    for (const log of added) given.add(nameOf(log));
    expect([...given].sort()).toEqual([...(logsAt[upTo] as string[])].sort());
    expect(removed.map((x) => x.number)).toEqual(removed.map((x) => x.number).sort((a, b) => b - a));
    const fresh = (hashesAt[upTo] as string[]).filter((hash) => !hadBlocks.has(hash));
    const newest = async (after: number, to: number, most = 1000) =>
      (await service.newBlocks({ after, to, upTo, most })).map(({ hash }) => to0x(hash));
    expect([await newest(told, upTo), await newest(told, upTo, 2)]).toEqual([fresh, fresh.slice(-2)]);
    const middle = Math.floor((told + upTo) / 2);
    expect([...(await newest(told, middle)), ...(await newest(middle, upTo))]).toEqual(fresh);
    told = upTo;
  }
  expect(told).toBeGreaterThan(0);
});

it("keeps to the criteria and the limit, of what is taken back too", async () => {
  const { service, input } = await startChain({ genesis: INSTANT, alloc });
  await service.execute(input(1, [], [snapshotInput()]));
  await service.execute(
    input(
      2,
      [0n, 1n].map((nonce) => signedTx(0, { nonce, to: LOGS, gasLimit: 60_000n })),
    ),
  );
  await service.execute(input(3, [signedTx(0, { nonce: 2n, to: LOGS, gasLimit: 60_000n })]));
  await service.execute(input(4, [], [revertInput({ snapshot: 0 })]));
  const span = { ...ALL, after: 3, upTo: 4 };
  const { removed } = await service.logChanges(span);
  expect(removed.map(({ number, logIndex }) => [number, logIndex])).toEqual([
    [2, 0],
    [1, 1],
    [1, 0],
  ]);
  expect((await service.logChanges({ ...span, to: blockNumber(1) })).removed).toHaveLength(2);
  expect((await service.logChanges({ ...span, addresses: [new Uint8Array(20)] })).removed).toEqual([]);
  await expect(service.logChanges({ ...span, limit: 2 })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  expect(await service.logChanges({ ...ALL, after: 1, upTo: 4 })).toEqual({ removed: [], added: [] });
});
