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
import { execError } from "../errors.ts";
import { customCrypto } from "./crypto.ts";
import { FORKS } from "./forks.ts";

/** Throws EXEC_FORK_UNKNOWN. */
export function createSharedCommon(fork: string, chainId: number): Common {
  if (!(FORKS as readonly string[]).includes(fork))
    throw execError("EXEC_FORK_UNKNOWN", `fork ${JSON.stringify(fork)}; known are ${FORKS.join(", ")}`, { fork });
  // Mainnet's list of forks in their order; which one is active is set below and does not depend on its heights.
  const chain = { ...Mainnet, name: "noema", chainId, genesis: { ...Mainnet.genesis } };
  const common = new Common({ chain, hardfork: fork as Hardfork, customCrypto });
  for (const params of [paramsTx, paramsBlock, paramsEVM, paramsVM]) common.updateParams(params);
  const active = new Set(common.eips().concat(allActive(common)));
  const values = new Map<string, bigint>();
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

/** The library has no list of them: every number it could ask for is tried once. */
function allActive(common: Common): number[] {
  const out: number[] = [];
  for (let eip = 1; eip < 10_000; eip++) if (common.isActivatedEIP(eip)) out.push(eip);
  return out;
}
