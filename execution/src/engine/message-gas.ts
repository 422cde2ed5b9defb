/** What a message costs before its first opcode: EIP-2028, 2930, 3860, 7702, and the calldata floor of EIP-7623. */
import type { Common } from "@ethereumjs/common";
import type { CallRequest } from "../api.ts";

export function messageGas(request: CallRequest, common: Common): { intrinsic: bigint; floor: bigint } {
  const param = (name: string) => common.param(name);
  const data = request.data ?? new Uint8Array(0);
  let zeros = 0n;
  for (const byte of data) if (byte === 0) zeros++;
  const others = BigInt(data.length) - zeros;
  let gas = param("txGas") + zeros * param("txDataZeroGas") + others * param("txDataNonZeroGas");
  if (request.to === undefined) {
    gas += param("txCreationGas");
    if (common.isActivatedEIP(3860)) gas += param("initCodeWordGas") * BigInt(Math.ceil(data.length / 32));
  }
  for (const item of request.accessList ?? [])
    gas += param("accessListAddressGas") + BigInt(item.storageKeys.length) * param("accessListStorageKeyGas");
  gas += BigInt(request.authorizationList?.length ?? 0) * (common.isActivatedEIP(7702) ? param("perEmptyAccountCost") : 0n);
  const floor = common.isActivatedEIP(7623) ? param("txGas") + (zeros + 4n * others) * param("totalCostFloorPerToken") : 0n;
  return { intrinsic: gas, floor };
}
