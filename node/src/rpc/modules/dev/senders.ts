/** Whom this node sends for: accounts whose keys it has, and on a development chain addresses that are impersonated. */
import type { Bytes } from "@noema/core/ports/bytes";
import { createSerial } from "@noema/core/serial";
import { rlpInt } from "@noema/execution/rlp/encode";
import { KEPT } from "@noema/execution/system/control-slots";
import { impersonatedKey } from "@noema/execution/system/controls";
import { envelope, transactionFields, type UnsignedTransaction } from "@noema/execution/transactions/encode";
import { encodeImpersonated } from "@noema/execution/transactions/impersonated";
import type { RpcDeps } from "../../deps.ts";
import type { DevKeys } from "./keys.ts";
import { signTransaction } from "./sign-transaction.ts";

/** `sign`: raw bytes. `exclusive`: one at a time for each account, in order of the calls; one at a time of all that are impersonated. */
export type Sender = { sign(tx: UnsignedTransaction): Bytes; exclusive<T>(run: () => Promise<T>): Promise<T> };

/** `unsigned`: whatever key there is, and whether it is impersonated or not, where the chain is for development. Throws RPC_ACCOUNT_UNKNOWN. */
export type SenderOf = (address: Bytes, unsigned?: boolean) => Promise<Sender>;

export function createSenders({ chain, execution }: RpcDeps, keys: DevKeys): SenderOf {
  const impersonated = createSerial();

  async function mayImpersonate(address: Bytes): Promise<boolean> {
    const controls = chain.controls();
    if (controls === undefined || controls.autoImpersonate) return controls !== undefined;
    return (await execution.slot(chain.tags().latest.number, KEPT, impersonatedKey(address))) !== 0n;
  }

  return async (address, unsigned = false) => {
    const without = unsigned ? chain.controls() !== undefined : !keys.has(address) && (await mayImpersonate(address));
    if (without) return { sign: (tx) => encodeImpersonated(address, payloadOf(tx)), exclusive: impersonated };
    const key = keys.keyOf(address);
    return { sign: (tx) => signTransaction(tx, key), exclusive: (run) => keys.exclusive(address, run) };
  };
}

/** What the sender would have signed. */
function payloadOf(tx: UnsignedTransaction): Bytes {
  const replayProtection = tx.type === 0 ? [rlpInt(tx.chainId), rlpInt(0), rlpInt(0)] : [];
  return envelope(tx.type, [...transactionFields(tx), ...replayProtection]);
}
