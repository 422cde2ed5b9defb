/**
 * The one Common of an engine. Left alone, the library copies it and merges its parameter tables again for every transaction
 * and block (120 to 250 µs each), and looks EIPs up in an array for every opcode (a third of the time of a tight loop).
 * Safe because an engine has one fork and never changes it.
 */
import { paramsBlock } from "@ethereumjs/block";
import { Common, type Hardfork, Mainnet } from "@ethereumjs/common";
import { paramsEVM } from "@ethereumjs/evm";
import { paramsTx } from "@ethereumjs/tx";
import { paramsVM } from "@ethereumjs/vm";
import { GAS_PER_BLOB } from "../../rules/fees.ts";
import { type Fork, forkOf } from "../../rules/forks.ts";
import { customCrypto } from "./crypto.ts";

/** EIP-7825. */
const GAS_CAP = 7825;

/** Throws EXEC_FORK_UNKNOWN. */
export function createSharedCommon(name: string, chainId: number): Common {
  const fork = forkOf(name);
  // Mainnet's list of forks in their order; which one is active is set below and does not depend on its heights.
  const chain = { ...Mainnet, name: "noema", chainId, genesis: { ...Mainnet.genesis } };
  const common = new Common({ chain, hardfork: fork.hardfork as Hardfork, customCrypto });
  for (const params of [paramsTx, paramsBlock, paramsEVM, paramsVM]) common.updateParams(params);
  const active = new Set(common.eips().concat(allActive(common)));
  if (fork.maxTransactionGas === undefined) active.delete(GAS_CAP);
  const values = prices(fork);
  const slowParam = common.param.bind(common);
  common.updateParams = () => undefined;
  common.copy = () => common;
  common.isActivatedEIP = (eip) => active.has(eip);
  common.param = (name) => {
    let value = values.get(name);
    if (value === undefined) {
      value = slowParam(name);
      values.set(name, value);
    }
    return value;
  };
  return common;
}

/** What the library calls the table's prices and limits: both charge the same. */
function prices({ gas, blobs, maxInitcodeBytes, maxTransactionGas }: Fork): Map<string, bigint> {
  const named: Record<string, bigint | number | undefined> = {
    txGas: gas.base,
    txCreationGas: gas.create,
    txDataZeroGas: gas.token,
    txDataNonZeroGas: 4 * gas.token,
    totalCostFloorPerToken: gas.floorToken,
    initCodeWordGas: gas.initcodeWord,
    accessListAddressGas: gas.accessAddress,
    accessListStorageKeyGas: gas.accessKey,
    perEmptyAccountCost: gas.authorization,
    perAuthBaseGas: gas.authorizationOfKnown,
    maxRefundQuotient: gas.refundQuotient,
    maxInitCodeSize: maxInitcodeBytes,
    maxTransactionGasLimit: maxTransactionGas,
    maxBlobGasPerBlock: blobs && BigInt(blobs.max) * GAS_PER_BLOB,
    maxBlobsPerTx: blobs?.perTransaction,
    blobGasPriceUpdateFraction: blobs?.updateFraction,
  };
  return new Map(Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, BigInt(value)]])));
}

/** The library has no list of them: every number it could ask for is tried once. */
function allActive(common: Common): number[] {
  const out: number[] = [];
  for (let eip = 1; eip < 10_000; eip++) if (common.isActivatedEIP(eip)) out.push(eip);
  return out;
}
