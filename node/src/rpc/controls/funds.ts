/** Ether and tokens that accounts are given, as anvil names it. */
import { bigIntToBytes, equalBytes, fromHex, toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { KIND } from "@noema/execution/system/kinds";
import { encodeSet } from "@noema/execution/system/set";
import { rpcError } from "../errors.ts";
import { OF_OPERATIONS } from "../ethereum/error-sets.ts";
import { nextBlock } from "../ethereum/next-block.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount } from "../json-rpc/parsers.ts";
import { NULL } from "../json-rpc/schema.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const BALANCE_OF = "70a08231";
const ALLOWANCE = "dd62ed3e";
const MOST = 2n ** 256n - 1n;

function asked(selector: string, ...addresses: Bytes[]): Bytes {
  return fromHex(`0x${selector}${addresses.map((x) => toHex(x).padStart(64, "0")).join("")}`);
}

/** Sets the slot from which the token answers the question: the one that it reads and that, were it this, would make it the answer. */
async function setAnswer(deps: ControlDeps, token: Bytes, question: Bytes, answer: bigint, what: string): Promise<null> {
  const { execution, chain, operations } = deps;
  const request = { to: token, data: question };
  const wanted = bigIntToBytes(answer, 32);
  const { accessList } = await execution.createAccessList(request, nextBlock(deps));
  const { number } = chain.tags().latest;
  const now = await execution.call(request, number);
  if (now.ok && equalBytes(now.output, wanted)) return null;
  for (const { address, storageKeys } of accessList)
    for (const key of storageKeys) {
      const { ok, output } = await execution.call(request, number, [{ address, stateDiff: [[key, wanted]] }]);
      if (!ok || !equalBytes(output, wanted)) continue;
      await operate(operations, KIND.set, encodeSet({ address, slots: [{ key, value: wanted }] }));
      return null;
    }
  throw rpcError("DEV_SLOT_UNKNOWN", `Unable to set ERC20 ${what}, no slot found`);
}

export function fundsMethods(prefix: "anvil" | "hardhat", deps: ControlDeps): Record<string, RpcMethod> {
  const { execution, chain, operations } = deps;
  async function addBalance(to: Bytes, by: bigint): Promise<null> {
    const { balance } = await execution.account(chain.tags().latest.number, to);
    const sum = balance + by > MOST ? MOST : balance + by;
    await operate(operations, KIND.set, encodeSet({ address: to, balance: sum }));
    return null;
  }
  const deal = (to: Bytes, token: Bytes, balance: bigint) => setAnswer(deps, token, asked(BALANCE_OF, to), balance, "balance");
  const allow = (owner: Bytes, spender: Bytes, token: Bytes, much: bigint) =>
    setAnswer(deps, token, asked(ALLOWANCE, owner, spender), much, "allowance");
  const [who, token, much] = [["address", address] as const, ["token", address] as const, ["amount", amount()] as const];
  const errors = [...OF_OPERATIONS, "DEV_RESERVED_ADDRESS", "DEV_SLOT_UNKNOWN"];
  const shared = {
    [`${prefix}_addBalance`]: method({
      summary: "adds to an account's wei, up to what a balance can be",
      params: [who, much],
      result: NULL,
      errors: [...OF_OPERATIONS, "DEV_RESERVED_ADDRESS"],
      ...SIGNING,
      run: addBalance,
    }),
    [`${prefix}_dealERC20`]: method({
      summary: "sets what an account has of a token",
      params: [who, token, much],
      result: NULL,
      errors,
      ...SIGNING,
      run: deal,
    }),
  };
  if (prefix === "hardhat") return shared;
  const anvil_setERC20Allowance = method({
    summary: "sets what one account may spend of another's tokens",
    params: [["owner", address], ["spender", address], token, much],
    result: NULL,
    errors,
    ...SIGNING,
    run: allow,
  });
  return { ...shared, anvil_setERC20Allowance };
}
