import type { Bytes } from "@noema/core/ports/bytes";
import { createSerial } from "@noema/core/serial";
import { KIND } from "@noema/execution/system/kinds";
import { encodeSet } from "@noema/execution/system/set";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount } from "../json-rpc/parsers.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const MAX_BALANCE = 2n ** 256n - 1n;

/** One after another, so that each finds what the one before has set. A transaction between the two may be lost to it. */
export function addBalanceMethod(prefix: string, { execution, chain, operations }: ControlDeps): Record<string, RpcMethod> {
  const turn = createSerial();
  const add = (who: Bytes, more: bigint) =>
    turn(async () => {
      const { balance } = await execution.account(chain.tags().latest.number, who);
      const sum = balance + more;
      await operate(operations, KIND.set, encodeSet({ address: who, balance: sum < MAX_BALANCE ? sum : MAX_BALANCE }));
      return null;
    });
  return {
    [`${prefix}_addBalance`]: method(
      [
        ["address", address],
        ["amount", amount()],
      ],
      add,
      SIGNING,
    ),
  };
}
