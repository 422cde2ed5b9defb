/** The next epoch has the same validators in the opposite order: batches, signatures and certificates stay with their keys. */
import { expect, it } from "vitest";
import { createTestLanes, tx } from "../testing/lanes.ts";

it("a publisher goes on under its new index, and what it published under the old one is still its own", async () => {
  const lanes = createTestLanes([1n, 1n, 1n, 1n]);
  const setOf = (epoch: number) => ({ ...lanes.set, epoch, members: epoch % 2 === 0 ? lanes.set.members : lanes.set.members.toReversed() });
  const sets = { validatorSet: () => setOf(lanes.chain.epoch), validatorSetOf: setOf };
  for (let i = 0; i < 4; i++) lanes.start(i, undefined, undefined, sets);
  const [first, , , last] = lanes.nodes as [(typeof lanes.nodes)[0], unknown, unknown, (typeof lanes.nodes)[0]];
  const certsAt = (node: typeof first) => node.lane.available(10).map(({ header }) => [header.epoch, header.publisher]);

  first.source.add(tx(1));
  await lanes.clock.advanceAsync(200);
  expect(certsAt(last)).toEqual([[0, 0]]);
  lanes.chain.epoch = 1;
  first.source.add(tx(2));
  await lanes.clock.advanceAsync(200);
  expect(certsAt(last)).toEqual([[0, 0], [1, 3]]); // biome-ignore format: one line
  // others' batches are told of, own ones not: by its index of now the first batch would be the last validator's
  expect(first.outstanding).toEqual([]);
  expect(last.outstanding).toEqual([tx(1), tx(2)]);
});
