import type { PublishProgress } from "@noema/core/ports/data";
import { expect, it } from "vitest";
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
