import { type Block, createBlock } from "@ethereumjs/block";
import { Address } from "@ethereumjs/util";
import type { BlockEnv } from "../engine.ts";
import type { Machine } from "./machine.ts";

/** The Block that the EVM reads its environment from: one for all transactions of a block. */
export function evmBlock(env: BlockEnv, { fork: { eips }, vm: { common } }: Machine): Block {
  const merged = eips.has(4399);
  const block = createBlock(
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
  return env.blobBaseFee === undefined ? block : withBlobBaseFee(block, env.blobBaseFee);
}

/** The library's objects are frozen: what is asked of these goes to them, but for the one price. */
function withBlobBaseFee(block: Block, price: bigint): Block {
  const header = Object.create(block.header, { getBlobGasPrice: { value: () => price } });
  return Object.create(block, { header: { value: header } });
}
