/** What contracts say to the console: told with the block, no part of it. */
import { fromHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { signedTx, startChain } from "../testing/chain.ts";

const at = (last: string) => `0x${last.padStart(40, "0")}` as const;
/** Says its input to the console, then reverts where the first byte is not zero. */
const SPEAKER = at("c1");
/** Calls SPEAKER with byte 1, which fails, and says its own input. */
const CALLER = at("c2");
const SAY = "365f5f375f5f365f6a636f6e736f6c652e6c6f675afa50";
const alloc = {
  [SPEAKER]: { code: `0x${SAY}5f355f1a156022575f5ffd5b00` },
  [CALLER]: { code: `0x60015f535f5f60015f5f60c15af150${SAY}00` },
};
const said = async (dev: boolean) => {
  const chain = await startChain({ alloc, genesis: { dev } });
  const txs = [
    signedTx(0, { nonce: 0n, to: SPEAKER, data: "0x00aa" }),
    signedTx(1, { nonce: 0n, to: SPEAKER, data: "0x01bb" }),
    signedTx(2, { nonce: 0n, to: CALLER, data: "0x00cc", gasLimit: 200_000n }),
    signedTx(3, { nonce: 0n, to: at("99") }),
  ];
  return chain.service.execute(chain.input(1, txs));
};

it("keeps it in order, also of what failed, and changes nothing", async () => {
  const { shown, result } = await said(true);
  expect(shown.map((x) => x.console?.map((y) => Buffer.from(y).toString("hex")))).toEqual([["00aa"], ["01bb"], ["01", "00cc"], undefined]);
  const deaf = await said(false);
  expect(deaf.shown.map((x) => x.console)).toEqual([undefined, undefined, undefined, undefined]);
  // The state root has the accounts of a development chain's controls.
  expect([deaf.result.gasUsed, deaf.result.receiptsRoot]).toEqual([result.gasUsed, result.receiptsRoot]);
});

it("has room for so much", async () => {
  const chain = await startChain({ alloc, genesis: { dev: true } });
  const data = fromHex("00".repeat(70_000));
  const { shown } = await chain.service.execute(chain.input(1, [signedTx(0, { nonce: 0n, to: SPEAKER, data, gasLimit: 5_000_000n })]));
  expect([shown[0]?.ok, shown[0]?.console]).toEqual([true, undefined]);
});
