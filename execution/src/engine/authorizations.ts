/**
 * EIP-7702's authorizations, for blocks and calls. The library recovers their authorities in JavaScript, 40 times as slowly as its own
 * price allows, and ignores the native function that it is given: so it is told that a transaction has none, and they are applied
 * where it would have done so, before the first message.
 */
import { Capability, type TypedTransaction } from "@ethereumjs/tx";
import type { VM } from "@ethereumjs/vm";
import { bytesToBigInt, concatBytes, equalBytes, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt } from "../rlp.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import type { Journal } from "../state/journal.ts";
import { recoverAddress } from "../transactions/secp256k1.ts";
import { CURVE_ORDER } from "../transactions/signature.ts";

export type Authorization = { chainId: bigint; address: Bytes; nonce: bigint; yParity: number | bigint; r: bigint; s: bigint };

const MAGIC = 5;
const DELEGATION = Uint8Array.of(0xef, 0x01, 0x00);
const MAX_NONCE = 2n ** 64n - 1n;
const NOTHING = new Uint8Array(0);
const ZERO_ADDRESS = new Uint8Array(20);
const NO_AUTHORITY = "none";

/** An estimate runs the same request many times. */
const authorities = new WeakMap<Authorization, Bytes | typeof NO_AUTHORITY>();

/** The authority, 20 bytes; undefined where none signed it or its signature is not in the one form (EIP-2). */
export function authorityOf(authorization: Authorization): Bytes | undefined {
  let authority = authorities.get(authorization);
  if (authority === undefined) {
    authority = recover(authorization) ?? NO_AUTHORITY;
    authorities.set(authorization, authority);
  }
  return authority === NO_AUTHORITY ? undefined : authority;
}

function recover({ chainId, address, nonce, yParity, r, s }: Authorization): Bytes | undefined {
  if (yParity > 1n || r === 0n || r >= CURVE_ORDER || s === 0n || s > CURVE_ORDER >> 1n) return undefined;
  const message = keccak256(concatBytes(Uint8Array.of(MAGIC), rlpEncode([rlpInt(chainId), address, rlpInt(nonce)])));
  const signature = new Uint8Array(64);
  for (const [at, value] of [r, s].entries()) {
    const bytes = rlpInt(value);
    signature.set(bytes, 32 * (at + 1) - bytes.length);
  }
  return recoverAddress(message, signature, Number(yParity) === 0 ? 0 : 1);
}

/** One that does not hold is passed over. Returns the gas to refund. The sender's nonce has been raised before. */
export function applyAuthorizations({ common, evm }: VM, journal: Journal, list: readonly Authorization[]): bigint {
  const refund = common.param("perEmptyAccountCost") - common.param("perAuthBaseGas");
  let refunds = 0n;
  for (const authorization of list) {
    const { chainId, nonce, address } = authorization;
    if ((chainId !== 0n && chainId !== common.chainId()) || nonce >= MAX_NONCE) continue;
    const authority = authorityOf(authorization);
    if (authority === undefined) continue;
    evm.journal.addAlwaysWarmAddress(toHex(authority));
    const existing = journal.account(authority);
    const account = existing ?? EMPTY_ACCOUNT;
    const code = journal.code(account.codeHash);
    if (code.length > 0 && !equalBytes(code.subarray(0, DELEGATION.length), DELEGATION)) continue;
    if (account.nonce !== nonce) continue;
    if (existing !== undefined) refunds += refund;
    const target = equalBytes(address, ZERO_ADDRESS) ? NOTHING : concatBytes(DELEGATION, address);
    journal.setAccount(authority, { ...account, nonce: nonce + 1n, codeHash: journal.addCode(target) });
  }
  return refunds;
}

/** Of a transaction that the library decoded: its shape holds, its numbers may be anything. */
function authorizationsOf(tx: TypedTransaction): Authorization[] {
  if (!("authorizationList" in tx)) return [];
  return tx.authorizationList.map(([chainId, address, nonce, yParity, r, s]) => ({
    chainId: bytesToBigInt(chainId),
    address,
    nonce: bytesToBigInt(nonce),
    yParity: bytesToBigInt(yParity),
    r: bytesToBigInt(r),
    s: bytesToBigInt(s),
  }));
}

/** Runs `run` with the transaction's authorizations applied at its first message. */
export async function withAuthorizations<T>(vm: VM, journal: Journal, tx: TypedTransaction, run: () => Promise<T>): Promise<T> {
  const { evm } = vm;
  const list = authorizationsOf(tx);
  if (list.length === 0) return run();
  const { supports } = tx;
  tx.supports = (capability: Capability) => capability !== Capability.EIP7702EOACode && supports.call(tx, capability);
  const runCall = evm.runCall;
  evm.runCall = async (options) => {
    evm.runCall = runCall;
    const refund = applyAuthorizations(vm, journal, list);
    const result = await runCall.call(evm, options);
    result.execResult.gasRefund = (result.execResult.gasRefund ?? 0n) + refund;
    return result;
  };
  try {
    return await run();
  } finally {
    evm.runCall = runCall;
  }
}
