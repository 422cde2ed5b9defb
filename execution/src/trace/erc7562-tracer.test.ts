/** What a bundler is told of code: slots, opcodes, contracts that it looked at, hashed words. */
import { fromHex, to0x } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { signedTx, startChain } from "../testing/chain.ts";
import { decodeTransaction } from "../transactions/decode.ts";

const at = (last: string) => `0x${last.padStart(40, "0")}` as const;
/** Looks at OTHER's size without asking whether it is zero, reads and writes slot 1, hashes 32 bytes, asks for the gas, calls OTHER. */
const WATCHED = at("c1");
const OTHER = at("c2");
const alloc = {
  [WATCHED]: { code: "0x60c23b506001545060026001555f5f5260205f20505a505f5f5f5f5f60c25af15000" },
  [OTHER]: { code: "0x5f5c5060015f5d00" },
};
const word = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;

async function traced(config?: unknown) {
  const chain = await startChain({ alloc });
  const raw = signedTx(0, { nonce: 0n, to: WATCHED, gasLimit: 300_000n });
  await chain.service.execute(chain.input(1, [raw]));
  const [trace] = await chain.service.trace({ transaction: decodeTransaction(raw).hash }, { name: "erc7562Tracer", config });
  return JSON.parse(trace?.result ?? "null");
}

it("tells each frame's slots, opcodes and contracts, and what the transaction hashed", async () => {
  const { accessedSlots, extCodeAccessInfo, usedOpcodes, contractSize, keccak, calls, outOfGas } = await traced();
  expect(accessedSlots).toEqual({ reads: { [word(1)]: [word(0)] }, writes: { [word(1)]: 1 }, transientReads: {}, transientWrites: {} });
  expect([extCodeAccessInfo, keccak, outOfGas]).toEqual([[OTHER], [to0x(fromHex(word(0)))], false]);
  expect(contractSize).toEqual({ [OTHER]: { contractSize: 8, opcode: 0x3b } });
  // GAS counts where no call follows it; PUSHes and POP not at all.
  expect(usedOpcodes).toEqual({ "0x3b": 1, "0x54": 1, "0x55": 1, "0x52": 1, "0x20": 1, "0x5a": 1, "0xf1": 1, "0x0": 1 });
  expect(calls).toMatchObject([{ to: OTHER, accessedSlots: { transientReads: { [word(0)]: 1 }, transientWrites: { [word(0)]: 1 } } }]);
});

it("leaves out the opcodes that it is told to", async () => {
  const { usedOpcodes } = await traced({ ignoredOpcodes: ["0x54", "0x55"] });
  expect(Object.keys(usedOpcodes)).not.toContain("0x54");
  expect(usedOpcodes["0x50"], "POP is not among them then").toBe(5);
});
