/** Transactions that nobody signed (transactions/impersonated.ts) as the library takes them. */
import { type Address, equalsBytes, KECCAK256_NULL } from "@ethereumjs/util";
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { asList, rlpDecode } from "../../rlp/decode.ts";
import { rlpEncode, rlpInt } from "../../rlp/encode.ts";
import { openImpersonated } from "../../transactions/impersonated.ts";
import type { Machine } from "./machine.ts";

/** Members of a legacy transaction before its signature. */
const LEGACY_FIELDS = 6;

/** Signed in form: whose it is, is not read from it. */
export function signedInForm(raw: Bytes, chainId: bigint): Bytes {
  const { payload } = openImpersonated(raw);
  const signature = (v: bigint) => [v, 1n, 1n].map(rlpInt);
  if ((payload[0] as number) >= 0xc0)
    return rlpEncode([...asList(rlpDecode(payload)).slice(0, LEGACY_FIELDS), ...signature(2n * chainId + 35n)]);
  return concatBytes(payload.subarray(0, 1), rlpEncode([...asList(rlpDecode(payload.subarray(1))), ...signature(0n)]));
}

/** Runs `run` with EIP-3607 off for the sender: the library finds no code at the one read that it makes for it, its first. */
export async function withoutSenderCode<T>({ state }: Machine, sender: Address, run: () => Promise<T>): Promise<T> {
  const { getAccount } = state;
  state.getAccount = async (address) => {
    const account = await getAccount(address);
    if (account === undefined || !equalsBytes(address.bytes, sender.bytes)) return account;
    state.getAccount = getAccount;
    return Object.defineProperty(account, "codeHash", {
      configurable: true,
      get() {
        delete (account as Partial<typeof account>).codeHash;
        return KECCAK256_NULL;
      },
    });
  };
  try {
    return await run();
  } finally {
    state.getAccount = getAccount;
  }
}
