import { type Block, createBlock } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import { Address } from "@ethereumjs/util";
import type { BlockEnv } from "./engine.ts";

/** The Block that the EVM reads its environment from: one for all transactions of a block. */
export function evmBlock(env: BlockEnv, common: Common): Block {
  const merged = common.isActivatedEIP(4399);
  return createBlock(
    {
      header: {
        number: env.number,
        timestamp: env.timestamp,
        coinbase: new Address(env.coinbase),
        gasLimit: env.gasLimit,
        mixHash: env.prevRandao,
        difficulty: merged ? 0n : (env.difficulty ?? 0n),
        baseFeePerGas: common.isActivatedEIP(1559) ? (env.baseFeePerGas ?? 0n) : undefined,
        excessBlobGas: common.isActivatedEIP(4844) ? (env.excessBlobGas ?? 0n) : undefined,
        parentBeaconBlockRoot: common.isActivatedEIP(4788) ? env.system?.parentBeaconBlockRoot : undefined,
      },
    },
    { common, skipConsensusFormatValidation: true },
  );
}
