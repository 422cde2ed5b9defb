/** What a message looked at, as it was before it; with `diffMode` what it changed, before and after (geth, eth/tracers/native/prestate.go). */
import { equalBytes, to0x } from "@noema/core/bytes";
import * as v from "valibot";
import { execError } from "../errors.ts";
import { EMPTY_CODE_HASH } from "../state/account.ts";
import { flag, readConfig } from "./config.ts";
import { data, quantity, word } from "./json.ts";
import { type AccountState, createStateChanges, type SeenAccount } from "./state-changes.ts";
import type { Tracing } from "./tracer.ts";

const config = v.object({ diffMode: flag, disableCode: flag, disableStorage: flag, includeEmpty: flag });
type Options = v.InferOutput<typeof config>;

export const prestateTracer: Tracing = (given) => {
  const options = readConfig(config, given);
  if (options.diffMode && options.includeEmpty) throw execError("TRACE_CONFIG_INVALID", "includeEmpty cannot be used with diffMode");
  const { diffMode, disableCode, disableStorage } = options;
  return (start, { fork, budget }) => {
    const changes = createStateChanges(start, { fork, budget, codes: !disableCode, slots: !disableStorage });
    return {
      ...changes,
      end: () => diffMode && changes.end?.(0n),
      result() {
        const seen = [...changes.accounts].sort(([a], [b]) => (a < b ? -1 : 1));
        return JSON.stringify(diffMode ? difference(seen) : before(seen, options));
      },
    };
  };
};

type Seen = readonly (readonly [address: string, account: SeenAccount])[];
type Shown = Record<string, Record<string, unknown>>;

function before(seen: Seen, { includeEmpty }: Options): Shown {
  const kept = seen.filter(([, x]) => includeEmpty || !isEmpty(x.before));
  return Object.fromEntries(kept.map(([address, x]) => [address, render(x.before, x.before.slots)]));
}

/** Of each account all that it was but its slots, of which those that changed; and only what is another now. */
function difference(seen: Seen): { post: Shown; pre: Shown } {
  const [pre, post]: [Shown, Shown] = [{}, {}];
  for (const [address, { before: old, after = old, deleted }] of seen) {
    const changed = [...old.slots].filter(([key, value]) => deleted || after.slots.get(key) !== value);
    const now = changes(old, after);
    const slots = new Map(changed.map(([key]) => [key, after.slots.get(key) ?? 0n] as const).filter(([, value]) => value !== 0n));
    if (!deleted && Object.keys(now).length === 0 && changed.length === 0) continue;
    if (!deleted) post[address] = { ...now, ...storage(slots) };
    if (!isEmpty(old)) pre[address] = render(old, new Map(changed.filter(([, value]) => value !== 0n)));
  }
  return { post, pre };
}

function changes(old: AccountState, now: AccountState): Record<string, unknown> {
  return {
    ...(now.balance === old.balance ? {} : { balance: quantity(now.balance) }),
    ...(now.nonce === old.nonce ? {} : { nonce: Number(now.nonce) }),
    ...(equalBytes(now.code, old.code) ? {} : { code: data(now.code) }),
    ...(equalBytes(now.codeHash, old.codeHash) ? {} : { codeHash: to0x(now.codeHash) }),
  };
}

function render({ nonce, balance, codeHash, code }: AccountState, slots: ReadonlyMap<string, bigint>): Record<string, unknown> {
  return {
    balance: quantity(balance),
    ...(code.length === 0 ? {} : { code: data(code) }),
    ...(equalBytes(codeHash, EMPTY_CODE_HASH) ? {} : { codeHash: to0x(codeHash) }),
    ...(nonce === 0n ? {} : { nonce: Number(nonce) }),
    ...storage(slots),
  };
}

function storage(slots: ReadonlyMap<string, bigint>): Record<string, unknown> {
  if (slots.size === 0) return {};
  return { storage: Object.fromEntries([...slots].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, word(value)])) };
}

/** EIP-161's sense. */
function isEmpty({ nonce, balance, codeHash }: AccountState): boolean {
  return nonce === 0n && balance === 0n && equalBytes(codeHash, EMPTY_CODE_HASH);
}
