/** What a message costs before its first opcode: EIP-2, 2028, 2930, 3860, 7702, and the floor of EIP-7623. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Fork } from "./forks.ts";

/** A transaction, or a call that is only tried out. */
export type Priced = {
  to?: Bytes;
  data?: Bytes;
  accessList?: readonly { storageKeys: readonly unknown[] }[];
  authorizationList?: readonly unknown[];
};

/** `intrinsic` is charged before the first opcode; `floor` is the least that the message pays in all, 0 before Prague. */
export function messageGas(message: Priced, { gas }: Fork): { intrinsic: bigint; floor: bigint } {
  const { to, data, accessList = [], authorizationList = [] } = message;
  const tokens = data === undefined ? 0 : calldataTokens(data);
  let intrinsic = gas.base + gas.token * tokens;
  if (to === undefined) intrinsic += gas.create + (gas.initcodeWord ?? 0) * Math.ceil((data?.length ?? 0) / 32);
  for (const { storageKeys } of accessList) intrinsic += gas.accessAddress + gas.accessKey * storageKeys.length;
  intrinsic += (gas.authorization ?? 0) * authorizationList.length;
  return { intrinsic: BigInt(intrinsic), floor: gas.floorToken === undefined ? 0n : BigInt(gas.base + gas.floorToken * tokens) };
}

function calldataTokens(data: Bytes): number {
  let zeros = 0;
  for (let i = 0; i < data.length; i++) if (data[i] === 0) zeros++;
  return 4 * data.length - 3 * zeros;
}
