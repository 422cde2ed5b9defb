import { EVMError, type ExecResult } from "@ethereumjs/evm";
import { blockNumber } from "@noema/core/block-number";
import { fromHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { startChain, testAddress } from "../../testing/chain.ts";
import { failureReason } from "./failure.ts";

const { service } = await startChain({ accounts: 1 });
const run = (code: string, gas = 1_000_000n) => service.call({ from: testAddress(0), data: fromHex(code), gas }, blockNumber(0));
const push2 = (n: number) => `61${n.toString(16).padStart(4, "0")}`;

it.each([
  ["0x600056", "invalid jump destination"],
  ["0x6001600057", "invalid jump destination"],
  ["0x56", "stack underflow"],
  ["0x5b5f600056", "stack overflow"], // pushes one more each round
  ["0x0c", "invalid opcode: opcode 0xc not defined"],
  ["0xfe", "invalid opcode: INVALID"],
  ["0x5b600056", "out of gas"],
  [`0x60ef5f5360015ff3`, "invalid code: must not begin with 0xef"],
  [`0x${push2(0x6001)}5ff3`, "max code size exceeded"],
  ["0x5f5ffd", "revert"],
])("%s fails with: %s", async (code, error) => {
  expect(await run(code, 10_000_000n)).toMatchObject({ ok: false, error });
});

/** All that a client may read: go-ethereum's words, and ours for what it has none for. */
const STANDARD = new Set([
  "balance overflow",
  "contract address collision",
  "contract creation code storage out of gas",
  "error verifying kzg proof",
  "execution failed",
  "insufficient balance for transfer",
  "invalid code: must not begin with 0xef",
  "invalid field element",
  "invalid input length",
  "invalid jump destination",
  "invalid opcode",
  "invalid point: not on curve",
  "max code size exceeded",
  "max initcode size exceeded",
  "mismatched versioned hash",
  "out of gas",
  "revert",
  "stack overflow",
  "stack underflow",
  "write protection",
]);

it("passes on no word of the library, whatever it says", () => {
  const messages = [...Object.values(EVMError.errorMessages), "something new", "invalid JUMP at 0x00/0x00:3"];
  for (const message of messages) {
    const result = { exceptionError: new EVMError(message as never), executionGasUsed: 0n, returnValue: new Uint8Array() };
    expect(STANDARD, message).toContain(failureReason(result as ExecResult));
  }
});
