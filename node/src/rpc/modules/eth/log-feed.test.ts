/** Subscriptions hear every log, in order, however full blocks are and however late their receipts come. */
import { bytesToBigInt } from "@noema/core/bytes";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { execError } from "@noema/execution/errors";
import type { ReceiptRecord } from "@noema/execution/records";
import { signTransaction } from "@noema/execution/transactions/testing/sign-transaction";
import { expect, it } from "vitest";
import { asked as askedBy, asker } from "../../asker.ts";
import { ACCOUNT } from "../../testing/fake-blocks.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";
import { createLogFeed } from "./log-feed.ts";

const raws = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => signTransaction({ chainId: 31337n, nonce: BigInt(from + i) }, ACCOUNT.privateKey));
const turns = async () => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

it("blocks that show all their receipts and those that do not, in order, each asked for once for all listeners", async () => {
  const { deps, mine } = createFakeChain();
  const { receipts } = deps.execution;
  const held: (() => void)[] = [];
  const asked: number[] = [];
  deps.execution.receipts = (number) => {
    asked.push(number);
    return new Promise((resolve) => held.push(() => resolve(receipts(number) as Promise<ReceiptRecord[]>)));
  };
  const feed = createLogFeed(deps);
  const heard: number[][] = [[], []];
  const stops = heard.map((list) => feed.listen(({ topics }) => list.push(Number(bytesToBigInt(topics[1] as Uint8Array)))));
  mine(raws(0, 21));
  mine(raws(21, 2));
  mine([]);
  mine(raws(23, 21));
  await turns();
  expect([asked, heard[0]]).toEqual([[1], []]);
  held[0]?.();
  await turns();
  expect(heard[0]).toEqual([...Array(23).keys()]);
  stops[1]?.();
  held[1]?.();
  await turns();
  expect([asked, heard[0], heard[1]]).toEqual([[1, 4], [...Array(44).keys()], [...Array(23).keys()]]);
  stops[0]?.();
  mine(raws(44, 21));
  await turns();
  expect(asked, "nobody listens").toEqual([1, 4]);
});

it("asks again where there is no answer, and gives up when nobody listens any more", async () => {
  const { deps, mine } = createFakeChain();
  const clock = createSimClock();
  const { receipts } = deps.execution;
  let failing = true;
  let asked = 0;
  deps.execution.receipts = async (number) => {
    asked++;
    if (failing) throw new Error("busy");
    return receipts(number);
  };
  const feed = createLogFeed({ ...deps, clock });
  let heard = 0;
  const stop = feed.listen(() => heard++);
  mine(raws(0, 21));
  await turns();
  expect([asked, heard]).toEqual([1, 0]);
  failing = false;
  clock.advance(200);
  await turns();
  expect([asked, heard]).toEqual([2, 21]);
  failing = true;
  mine(raws(21, 21));
  await turns();
  stop();
  clock.advance(1_000);
  await turns();
  expect([asked, heard]).toEqual([3, 21]);
});

it("asks for nobody in particular, though a block comes in the turn of who sent what is in it and has gone", async () => {
  const { deps, mine } = createFakeChain();
  const { receipts } = deps.execution;
  const gone = AbortSignal.abort();
  deps.execution.receipts = async (number) => {
    if (asker()?.gone.aborted) throw new Error("its client has gone");
    return receipts(number);
  };
  const feed = createLogFeed(deps);
  let heard = 0;
  feed.listen(() => heard++);
  askedBy({ client: "1.2.3.4", gone }, () => mine(raws(0, 21)));
  await turns();
  expect(heard).toBe(21);
});

it("what a revert takes out is told as removed, in its turn, and given up where it is too much", async () => {
  const { deps, mine, tellReverted, logs } = createFakeChain();
  const feed = createLogFeed(deps);
  const heard: [number, boolean][] = [];
  feed.listen((log, removed) => heard.push([log.number, removed]));
  const first = mine(raws(0, 1)).block;
  const gone = mine(raws(1, 1)).shown;
  deps.execution.logChanges = async ({ after, upTo }) => ({
    removed: [after, upTo].join() === "2,3" ? gone.flatMap((x) => x.logs) : [],
    added: [],
  });
  tellReverted(first);
  mine(raws(1, 1));
  await turns();
  expect(heard).toEqual([
    [1, false],
    [2, false],
    [2, true],
    [3, false],
  ]);
  deps.execution.logChanges = async () => {
    throw execError("LIMIT_EXCEEDED", "more than 10000 logs");
  };
  tellReverted(first);
  await turns();
  expect([heard.length, logs]).toEqual([4, ["warn more logs were taken back than listeners are told of"]]);
});
