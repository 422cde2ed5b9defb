/** EIP-7702's authorizations: who signed them, and what they do to the state. */
import { concatBytes, equalBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt } from "../rlp/encode.ts";
import { EMPTY_ACCOUNT, hasCode } from "../state/account.ts";
import { delegateOf, delegationTo } from "../state/delegation.ts";
import type { Journal } from "../state/journal.ts";
import { recoverAddress } from "../transactions/secp256k1.ts";
import { CURVE_ORDER } from "../transactions/signature.ts";
import type { Authorization } from "../transactions/transaction.ts";
import type { Fork } from "./forks.ts";

const MAGIC = 5;
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
  if (yParity > 1 || r === 0n || r >= CURVE_ORDER || s === 0n || s > CURVE_ORDER >> 1n) return undefined;
  const message = keccak256(concatBytes(Uint8Array.of(MAGIC), rlpEncode([rlpInt(chainId), address, rlpInt(nonce)])));
  const signature = new Uint8Array(64);
  for (const [at, value] of [r, s].entries()) {
    const bytes = rlpInt(value);
    signature.set(bytes, 32 * (at + 1) - bytes.length);
  }
  return recoverAddress(message, signature, yParity === 0 ? 0 : 1);
}

/**
 * One that does not hold is passed over. Returns the gas to refund. The sender's nonce has been raised before. `warm` is told of
 * each authority.
 */
export function applyAuthorizations(
  { fork, chainId, journal, warm }: { fork: Fork; chainId: bigint; journal: Journal; warm(authority: Bytes): void },
  list: readonly Authorization[],
): bigint {
  const { authorization: price = 0, authorizationOfKnown = 0 } = fork.gas;
  let known = 0;
  for (const authorization of list) {
    const { nonce, address } = authorization;
    if ((authorization.chainId !== 0n && authorization.chainId !== chainId) || nonce >= MAX_NONCE) continue;
    const authority = authorityOf(authorization);
    if (authority === undefined) continue;
    warm(authority);
    const existing = journal.account(authority);
    const account = existing ?? EMPTY_ACCOUNT;
    if (hasCode(account) && delegateOf(journal.code(account.codeHash)) === undefined) continue;
    if (account.nonce !== nonce) continue;
    if (existing !== undefined) known++;
    const code = equalBytes(address, ZERO_ADDRESS) ? NOTHING : delegationTo(address);
    journal.setAccount(authority, { ...account, nonce: nonce + 1n, codeHash: journal.addCode(code) });
  }
  return BigInt((price - authorizationOfKnown) * known);
}
