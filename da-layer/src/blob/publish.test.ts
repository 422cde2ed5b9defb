import type { PublishProgress } from "@noema/core/ports/data";
import { expect, it } from "vitest";
import { testPayload } from "../testing/blob.ts";
import { chunked, createBlobLanes, publishUntilCertified } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { createPublicationLimit } from "./publish.ts";

it("lets eight publications run at once, refuses the ninth, and takes another when one has ended", async () => {
  const limited = createPublicationLimit();
  const end = Promise.withResolvers<void>();
  async function* publication(): AsyncIterable<PublishProgress> {
    yield { step: "encoded", done: 1 };
    await end.promise;
  }
  const started = Array.from({ length: 8 }, () => limited(publication())[Symbol.asyncIterator]());
  for (const iterator of started) await iterator.next();
  const next = () => limited(publication())[Symbol.asyncIterator]().next();
  await expect(next()).rejects.toMatchObject({ code: "DA_BUSY" });
  end.resolve();
  expect(await started[0]?.next()).toEqual({ done: true, value: undefined });
  expect((await next()).done).toBe(false);
});

it("says of a publication that it waits for what the worker loads, and of those after 15 s that they do not", async () => {
  const lanes = createBlobLanes(await createKnownTauKzg(), [1n, 1n, 1n, 1n]);
  for (let i = 0; i < 4; i++) await lanes.start(i);
  const steps = async (node: number) => {
    const { steps } = await lanes.until(publishUntilCertified(lanes.nodes[node]!.lane, testPayload(1000)));
    return steps.map(({ step }) => step).slice(0, 2);
  };
  expect(await steps(0)).toEqual(["preparing", "encoded"]);
  expect((await steps(0))[0]).toBe("encoded");
  const idle = createBlobLanes(await createKnownTauKzg(), [1n]);
  await idle.start(0);
  await idle.clock.advanceAsync(15_000);
  const first = idle.nodes[0]!.lane.publish(chunked(testPayload(1000)), { namespace: Uint8Array.of(1), bytes: 1000 });
  expect(await idle.until(first[Symbol.asyncIterator]().next())).toMatchObject({ value: { step: "encoded" } });
});
