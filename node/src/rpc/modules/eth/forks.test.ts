/** What depends on the chain's fork: a block's fields, how full of blobs it is, and which type a transaction is filled as. */
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode } from "@noema/execution/rlp/encode";
import { expect, it } from "vitest";
import { createRpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { ACCOUNT } from "../../testing/fake-blocks.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

const LATER = ["baseFeePerGas", "withdrawals", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"];
const THREE_BLOBS = 3n * 131_072n;
const from = `0x${Buffer.from(ACCOUNT.address).toString("hex")}`;

function serverOf(fork: string, headerFields: number) {
  const { deps } = createFakeChain();
  const headerRlp = rlpEncode(Array<Bytes>(headerFields).fill(new Uint8Array(0)));
  const block: typeof deps.execution.block = async (id) => {
    const found = await deps.execution.block(id);
    return found && { ...found, headerRlp, blobGasUsed: THREE_BLOBS };
  };
  const headers: typeof deps.execution.headers = async (...range) =>
    (await deps.execution.headers(...range)).map((x) => ({ ...x, blobGasUsed: THREE_BLOBS }));
  return createRpcServer({ port: 0 }, { ...deps, fork, execution: { ...deps.execution, block, headers } });
}

it.each([
  ["berlin", 15, 0, "0x0", 0],
  ["london", 16, 1, "0x2", 0],
  ["paris", 16, 1, "0x2", 0],
  ["shanghai", 17, 3, "0x2", 0],
  ["cancun", 20, 6, "0x2", 1 / 2],
  ["prague", 21, 7, "0x2", 1 / 3],
  ["osaka", 21, 7, "0x2", 1 / 3],
])("%s", async (fork, headerFields, shown, type, full) => {
  const server = serverOf(fork, headerFields);
  for (const tag of ["latest", "pending"]) {
    const block = await resultOf(server, "eth_getBlockByNumber", tag, false);
    expect(LATER.filter((name) => name in block)).toEqual(LATER.slice(0, shown));
  }
  expect(await resultOf(server, "eth_feeHistory", "0x1", "latest", [])).toMatchObject({ blobGasUsedRatio: [full] });
  expect((await resultOf(server, "eth_fillTransaction", { from, to: from })).tx).toMatchObject({ type });
  if (fork === "berlin")
    expect((await resultOf(server, "eth_fillTransaction", { from, to: from, accessList: [] })).tx).toMatchObject({ type: "0x1" });
  // What is asked for by name is not made into something else.
  const market = await callRpc(server, "eth_fillTransaction", { from, to: from, maxFeePerGas: "0x77359400" });
  expect(market.result).toMatchObject({ tx: { type: "0x2" } });
  await server.stop();
});
