import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { createSimClock, settle } from "@noema/core/testing/sim-clock";
import type { ExecutedBlock } from "@noema/execution/api";
import { KIND } from "@noema/execution/system/kinds";
import { encodeLoad } from "@noema/execution/system/load";
import { operationInput } from "@noema/execution/system/operation";
import { OUTCOME, type Outcome } from "@noema/execution/system/outcomes";
import { encodeSet } from "@noema/execution/system/set";
import { expect, it } from "vitest";
import { createOperations, type Ended, type OperationDesk } from "./operations.ts";

const body = encodeSet({ address: new Uint8Array(20), balance: 1n });
const inBlock = (data: Bytes, outcome: Outcome = 0) =>
  ({ result: {}, operations: [{ id: operationInput(data).id, outcome }] }) as ExecutedBlock;

function desk(isValidator = true) {
  const clock = createSimClock();
  const operations = createOperations({ dev: true, isValidator, clock, random: createSeededRandom(1) }) as OperationDesk;
  let woken = 0;
  operations.onReady(() => woken++);
  return { clock, operations, woken: () => woken };
}

it("hands them over one at a time, and answers each with how it ended", async () => {
  const { operations, clock, woken } = desk();
  const answers = [operations.submit(KIND.set, body), operations.submit(KIND.set, body)];
  await settle();
  const [first, ...others] = operations.take(1000) as Bytes[];
  expect([others, operations.take(1000), woken()]).toEqual([[], undefined, 1]);
  operations.executed({ operations: [{ id: new Uint8Array(32), outcome: 0 }] } as never as ExecutedBlock); // another node's
  operations.executed(inBlock(first as Bytes, 2));
  expect(await answers[0]).toMatchObject({ outcome: 2 });
  await settle();
  const [second] = operations.take(1000) as [Bytes];
  expect(equalBytes(second, first as Bytes), "the nonce makes equal ones differ").toBe(false);
  operations.executed(inBlock(second));
  expect(await answers[1]).toMatchObject({ outcome: 0 });
  expect(clock.pending()).toBe(0);
});

it("after 30 s says that there is no answer, and goes on with the next; what was not taken does not happen", async () => {
  const { operations, clock } = desk();
  const [taken, left, next] = [0, 1, 2].map(() => operations.submit(KIND.set, body)) as [Promise<Ended>, Promise<Ended>, Promise<Ended>];
  const refused = [taken, left].map((answer) =>
    expect(answer).rejects.toMatchObject({ code: "DEV_UNANSWERED", data: { id: expect.any(String) } }),
  );
  await settle();
  const [late] = operations.take(1000) as [Bytes];
  await clock.advanceAsync(30_000);
  operations.executed(inBlock(late)); // too late to be told
  await clock.advanceAsync(30_000);
  await Promise.all(refused);
  await settle();
  const [data, ...others] = operations.take(1000) as Bytes[];
  expect(others).toEqual([]);
  operations.executed(inBlock(data as Bytes));
  expect(await next).toMatchObject({ outcome: 0 });
});

it("a load, which may be long, has ten minutes", async () => {
  const { operations, clock } = desk();
  const refused = expect(operations.submit(KIND.load, encodeLoad({ staged: [] }))).rejects.toMatchObject({ code: "DEV_UNANSWERED" });
  await settle();
  const [late] = operations.take(1000) as [Bytes];
  await clock.advanceAsync(599_000);
  expect(clock.pending()).toBe(1);
  await clock.advanceAsync(1_000);
  await refused;
  operations.executed(inBlock(late));
});

it("a public chain has none", () => {
  expect(createOperations({ dev: false, isValidator: true, clock: createSimClock(), random: createSeededRandom(1) })).toBeUndefined();
});

it("what was not published is offered again", async () => {
  const { operations } = desk();
  void operations.submit(KIND.set, body);
  await settle();
  const taken = operations.take(1000) as Bytes[];
  operations.giveBack(taken);
  expect(operations.take(1000)).toEqual(taken);
});

it("a node that is no validator takes none, and none takes what the others would not sign", async () => {
  await expect(desk(false).operations.submit(KIND.set, body)).rejects.toMatchObject({ code: "DEV_NEEDS_VALIDATOR" });
  const { operations } = desk();
  await expect(operations.submit(KIND.set, body.slice(1))).rejects.toMatchObject({ code: "DEV_MALFORMED" });
  await expect(operations.submit(2 as never, body)).rejects.toMatchObject({ code: "DEV_MALFORMED" });
  expect(operations.fault([new Uint8Array(9)])).toMatch(/no operation/);
  void operations.submit(KIND.set, body);
  await settle();
  expect(operations.fault(operations.take(1000) as Bytes[])).toBeUndefined();
});

it("asks again for one that found its height taken, and tells what it gives", async () => {
  const { operations } = desk();
  const answer = operations.submit(KIND.snapshot, new Uint8Array(0));
  await settle();
  const [first] = operations.take(1000) as [Bytes];
  operations.executed(inBlock(first, OUTCOME.busy));
  await settle();
  const [second] = operations.take(1000) as [Bytes];
  expect(equalBytes(first, second), "it is another operation").toBe(false);
  operations.executed({ result: {}, operations: [{ id: operationInput(second).id, outcome: 0, value: 7 }] } as unknown as ExecutedBlock);
  expect(await answer).toMatchObject({ outcome: 0, value: 7 });
});
