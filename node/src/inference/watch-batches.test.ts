import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { PayloadChecker } from "@noema/core/ports/data";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { signTransaction } from "@noema/execution/transactions/testing/sign-transaction";
import { expect, it } from "vitest";
import type { Candidate } from "./candidates.ts";
import { watchBatches } from "./watch-batches.ts";

const key = new Uint8Array(32).fill(7);
const sender = new Uint8Array(20).fill(1);
const to = new Uint8Array(20).fill(2);
const calls = [1, 2, 3].map((x) => signTransaction({ to, data: new Uint8Array(100).fill(x), gasLimit: 90_000n }, key));
const creation = signTransaction({ to: null, data: new Uint8Array(100) }, key);
const most = 2n ** 64n - 1n;
/** The longest there is: every field at its largest. */
const transfer = signTransaction(
  { chainId: 2n ** 32n, nonce: most, gasLimit: most, to, value: 2n ** 96n, maxFeePerGas: most, maxPriorityFeePerGas: most },
  key,
);

function watched(known: readonly Bytes[], invalid = false) {
  const hashes = (raws: readonly Bytes[]) => raws.map((raw) => decodeTransaction(raw).hash);
  const inner: PayloadChecker = {
    check: async (raws) => (invalid ? { invalid: "no" } : { gas: 1n, hashes: hashes(raws), senders: raws.map(() => sender) }),
  };
  const held = new Set(hashes(known).map(toHex));
  const pool = { get: (hash: Bytes) => (held.has(toHex(hash)) ? ({} as never) : undefined) };
  const heard: Candidate[][] = [];
  const { checker, onHeard } = watchBatches(inner, pool);
  return { checker, heard, listen: () => onHeard((x) => heard.push([...x])) };
}

it("tells of calls that the pool did not hear of, once the batch is checked, and answers as the checker does", async () => {
  const { checker, heard, listen } = watched([calls[1] as Bytes]);
  listen();
  const checked = await checker.check([...calls, creation, transfer]);
  expect(checked).toMatchObject({ gas: 1n });
  expect(heard).toHaveLength(1);
  expect(heard[0]!.map((x) => [x.data[0], toHex(x.to), toHex(x.sender), x.gas])).toEqual(
    [1, 3].map((x) => [x, toHex(to), toHex(sender), 90_000n]),
  );
  await checker.check([transfer, calls[1] as Bytes]);
  expect(heard).toHaveLength(1);
});

it("tells nothing of a batch that is refused, and asks nothing where nobody listens", async () => {
  const refused = watched([], true);
  refused.listen();
  expect(await refused.checker.check(calls)).toEqual({ invalid: "no" });
  expect(refused.heard).toEqual([]);
  expect(await watched([]).checker.check(calls)).toMatchObject({ gas: 1n });
});

it("no plain transfer is long enough to be looked at", () => {
  expect(transfer.length).toBeLessThan(150);
});
