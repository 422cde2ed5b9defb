import { MAX_BATCH_BYTES } from "@noema/da-layer/limits";
import { MAX_TRANSACTION_BYTES } from "@noema/execution/transactions/decode";
import { expect, it } from "vitest";

it("a batch holds the largest transaction: the pool takes nothing that would wait for ever", () => {
  expect(MAX_BATCH_BYTES).toBeGreaterThanOrEqual(MAX_TRANSACTION_BYTES);
});
