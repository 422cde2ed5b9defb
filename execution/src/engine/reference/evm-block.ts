import { type Block, createBlock } from "@ethereumjs/block";
import { Address } from "@ethereumjs/util";
import type { BlockEnv } from "../engine.ts";
import type { Machine } from "./machine.ts";

/** The Block that the EVM reads its environment from: one for all transactions of a block. */
export function evmBlock(env: BlockEnv, { fork: { eips }, vm: { common } }: Machine): Block {
  const merged = eips.has(4399);
  return createBlock(
    {
      header: {
        number: env.number,
        timestamp: env.timestamp,
        coinbase: new Address(env.coinbase),
        gasLimit: env.gasLimit,
        mixHash: env.prevRandao,
        difficulty: merged ? 0n : (env.difficulty ?? 0n),
        baseFeePerGas: eips.has(1559) ? (env.baseFeePerGas ?? 0n) : undefined,
        excessBlobGas: eips.has(4844) ? (env.excessBlobGas ?? 0n) : undefined,
        parentBeaconBlockRoot: eips.has(4788) ? env.system?.parentBeaconBlockRoot : undefined,
      },
    },
    { common, skipConsensusFormatValidation: true },
  );
}
