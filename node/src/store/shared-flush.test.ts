import { expect, it } from "vitest";
import { sharedFlush } from "./shared-flush.ts";

/** A flush that ends when the test says so. */
function create() {
  const running: { end(): void; fail(error: Error): void }[] = [];
  const flush = sharedFlush(() => new Promise((end, fail) => running.push({ end, fail })));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { flush, running, turn };
}

it("calls during a flush share the next one, and none gets a flush that began before it", async () => {
  const { flush, running, turn } = create();
  const first = flush();
  await turn();
  const [second, third] = [flush(), flush()];
  await turn();
  expect(running).toHaveLength(1);
  running[0]?.end();
  await first;
  await turn();
  expect(running).toHaveLength(2);
  let settled = 0;
  for (const x of [second, third]) x.then(() => settled++);
  await turn();
  expect(settled).toBe(0);
  running[1]?.end();
  await Promise.all([second, third]);
});

it("a flush that fails is heard by those who share it, and the next begins", async () => {
  const { flush, running, turn } = create();
  const failed = expect(flush()).rejects.toThrow("disk");
  await turn();
  const after = flush();
  running[0]?.fail(new Error("disk"));
  await failed;
  await turn();
  running[1]?.end();
  await after;
});
