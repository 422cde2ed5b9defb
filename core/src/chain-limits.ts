/**
 * Limits of a chain that more than one section of genesis.json holds: what they are where it says nothing, and how its numbers must
 * agree. What fits into no block is never ordered; what is ordered and has no room is skipped.
 */

/** docs/protocol/worst-block.md */
export const BLOCK_GAS = 30_000_000;
export const BLOCK_PAYLOAD_BYTES = 4 * 1024 * 1024;
export const BLOCK_BLOB_BYTES = 128 * 1024 * 1024;
/** K: a certificate is includable at heights h with refHeight < h <= refHeight + K. The data lanes forget what is older, and offer what is younger. */
export const INCLUSION_WINDOW = 1024;

export type ChainLimits = {
  consensus: { maxGas: number; maxPayloadBytes: number; maxBlobBytes: number; inclusionWindow: number };
  execution: { gasLimit: bigint };
  da: { maxBatchGas: number; payloadBytesPerBlock: number; blobBytesPerBlock: number; blobRetention: number; maxBlobRetention: number };
};

/** The first rule that does not hold, with its numbers; undefined where all do. */
export function disagreement({ consensus, execution, da }: ChainLimits): string | undefined {
  const window = consensus.inclusionWindow;
  const rising: [rule: string, values: (number | bigint)[]][] = [
    ["da.maxBatchGas <= consensus.maxGas <= execution.gasLimit", [da.maxBatchGas, consensus.maxGas, execution.gasLimit]],
    ["da.payloadBytesPerBlock <= consensus.maxPayloadBytes", [da.payloadBytesPerBlock, consensus.maxPayloadBytes]],
    ["da.blobBytesPerBlock <= consensus.maxBlobBytes", [da.blobBytesPerBlock, consensus.maxBlobBytes]],
    ["da.blobRetention <= da.maxBlobRetention", [da.blobRetention, da.maxBlobRetention]],
    [`consensus.inclusionWindow = ${INCLUSION_WINDOW}`, [INCLUSION_WINDOW, window, INCLUSION_WINDOW]],
  ];
  const broken = rising.find(([, values]) => values.some((value, i) => i > 0 && (values[i - 1] as number | bigint) > value));
  return broken && `${broken[0]} does not hold: ${broken[1].join(", ")}`;
}
