import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { expect, it } from "vitest";
import { QUOTA_WINDOW } from "../limits.ts";
import { createQuota } from "./quota.ts";

it("what a validator has used stays with its key when a new epoch gives its index to another", () => {
  const { set } = createKeyedValidators([1n, 1n]);
  const turned = { ...set, epoch: 1, members: [...set.members].reverse() };
  const quota = createQuota(10_000); // each may use the bytes of one window
  const most = 10_000 * QUOTA_WINDOW;
  expect(quota.charge(set, 0, most, 1)).toBe(true);
  expect(quota.charge(set, 0, 1, 1)).toBe(false);
  expect(quota.charge(turned, 1, 1, 2)).toBe(false); // the same key
  expect(quota.charge(turned, 0, most, 2)).toBe(true); // the index that was full: by index this would be refused
  expect(quota.charge(set, 2, 1, 2)).toBe(false);
});
