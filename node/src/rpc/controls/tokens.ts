/**
 * Balances and allowances of ERC-20 tokens set by hand, as anvil names it. No interface says where a token keeps them: the slots that the
 * token reads for its answer are tried, each with a value of ours in its place, until one is the answer.
 */
import { bigIntToBytes, concatBytes, equalBytes, fromHex, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { execError } from "@noema/execution/errors";
import { KIND } from "@noema/execution/system/kinds";
import { encodeSet } from "@noema/execution/system/set";
import { nextBlock } from "../ethereum/next-block.ts";
import { rethrowCallError } from "../ethereum/revert.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { address, amount } from "../json-rpc/parsers.ts";
import type { ControlDeps } from "./deps.ts";
import { operate, SIGNING } from "./operate.ts";

const BALANCE_OF = fromHex("0x70a08231");
const ALLOWANCE = fromHex("0xdd62ed3e");
/** Nobody has so many of a token, and no flag or address looks like it. */
const MARK = bigIntToBytes(0x1234_5678_9abc_def0_1234_5678_9abc_def0n, 32);
/** Tried of one token: proxies read a few beside the one. */
const MAX_SLOTS = 64;

const word = (who: Bytes) => concatBytes(new Uint8Array(12), who);

/** Whose slot it is, and which. Throws CALL_FAILED. */
async function slotOf(deps: ControlDeps, token: Bytes, data: Bytes): Promise<{ address: Bytes; key: Hash }> {
  const [request, at] = [{ to: token, data }, nextBlock(deps)];
  const { accessList } = await deps.execution.createAccessList(request, at).catch(rethrowCallError);
  const read = accessList.flatMap((x) => x.storageKeys.map((key) => ({ address: x.address, key })));
  for (const slot of read.slice(0, MAX_SLOTS)) {
    const marked = [{ address: slot.address, stateDiff: [[slot.key, MARK]] as [Hash, Hash][] }];
    const { ok, output } = await deps.execution.call(request, at, marked);
    if (ok && equalBytes(output, MARK)) return slot;
  }
  throw execError("CALL_FAILED", `none of the ${read.length} slots that ${to0x(token)} reads is the answer by itself`, { token });
}

export function tokenMethods(prefix: string, deps: ControlDeps): Record<string, RpcMethod> {
  async function set(token: Bytes, data: Bytes, value: bigint): Promise<null> {
    const { address, key } = await slotOf(deps, token, data);
    await operate(deps.operations, KIND.set, encodeSet({ address, slots: [{ key, value: bigIntToBytes(value, 32) }] }));
    return null;
  }
  const [owner, spender, token] = [["owner", address] as const, ["spender", address] as const, ["token", address] as const];
  const value = ["amount", amount()] as const;
  return {
    [`${prefix}_dealERC20`]: method([owner, token, value], (a, t, v) => set(t, concatBytes(BALANCE_OF, word(a)), v), SIGNING),
    [`${prefix}_setERC20Allowance`]: method(
      [owner, spender, token, value],
      (a, b, t, v) => set(t, concatBytes(ALLOWANCE, word(a), word(b)), v),
      SIGNING,
    ),
  };
}
