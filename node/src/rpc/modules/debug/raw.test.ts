import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { asList, rlpDecode } from "@noema/execution/rlp/decode";
import { expect, it } from "vitest";
import { createRpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { ACCOUNT } from "../../testing/fake-blocks.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

const from = to0x(ACCOUNT.address);
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), "hex"));

it("gives headers, blocks, receipts and transactions by number, tag and hash", async () => {
  const chain = createFakeChain();
  const server = createRpcServer({ port: 0 }, chain.deps);
  const ask = (method: string, ...params: unknown[]) => resultOf(server, method, ...params);
  const hash = await ask("eth_sendTransaction", { from, to: from });
  const pooled = await ask("debug_getRawTransaction", hash);
  const { block } = chain.mine();
  const raw = await ask("eth_getRawTransactionByHash", hash);
  expect([pooled, await ask("debug_getRawTransaction", hash)]).toEqual([raw, raw]);
  expect(await ask("debug_getRawTransaction", `0x${"11".repeat(32)}`)).toBe("0x");
  for (const id of ["0x1", "latest", to0x(block.hash), { blockHash: to0x(block.hash), requireCanonical: true }]) {
    expect(await ask("debug_getRawHeader", id)).toBe(to0x(block.headerRlp));
    const [header, transactions] = asList(rlpDecode(bytes(await ask("debug_getRawBlock", id))));
    expect([asList(header).length, transactions]).toEqual([21, [bytes(raw)]]);
    const [receipt] = await ask("debug_getRawReceipts", id);
    expect(to0x(keccak256(bytes(raw)))).toBe(hash);
    expect([receipt.slice(0, 4), asList(rlpDecode(bytes(receipt).subarray(1))).length]).toEqual(["0x02", 4]);
  }
  expect(await ask("debug_getRawReceipts", "0x0")).toEqual([]);
  expect((await callRpc(server, "debug_getRawBlock", "0x9")).error).toMatchObject({ code: -32001 });
  expect((await callRpc(server, "debug_getRawHeader", "2")).error).toMatchObject({ code: -32602 });
  await server.stop();
});
