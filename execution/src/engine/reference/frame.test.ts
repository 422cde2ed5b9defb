import type { EVM } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { bytesToBigInt, fromHex, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { createJournal } from "../../state/journal.ts";
import { echoPrecompiles } from "../../testing/chain.ts";
import { EMPTY_ROOT } from "../../trie/node.ts";
import { createMachine } from "./machine.ts";

it("calls 1,024 deep (Yellow Paper 9.4.2) on a stack that does not grow with it", async () => {
  const at = new Address(fromHex("0x00000000000000000000000000000000000000c0"));
  // Calls itself with all its gas, then adds one to slot 0: nothing on the way down waits for a promise.
  const code = fromHex("0x5f5f5f5f5f305af1505f546001015f5500");
  const codeHash = keccak256(code);
  const account = { nonce: 1n, balance: 0n, codeHash, storageRoot: EMPTY_ROOT };
  const { vm, state } = await createMachine("osaka", 1, echoPrecompiles());
  const journal = createJournal({
    account: (address) => (toHex(address) === toHex(at.bytes) ? account : undefined),
    slot: () => new Uint8Array(0),
    code: () => code,
  });
  state.use(journal);
  const { execResult } = await (vm.evm as EVM).runCall({ to: at, gasLimit: 2n ** 60n });
  expect(execResult.exceptionError).toBeUndefined();
  expect(bytesToBigInt(journal.slot(at.bytes, new Uint8Array(32)))).toBe(1025n);
});
