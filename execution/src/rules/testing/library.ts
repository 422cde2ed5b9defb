/** Ethereum's rules as @ethereumjs has them, with nothing of ours: what ours are held against. */
import { paramsBlock } from "@ethereumjs/block";
import { Common, type Hardfork, Mainnet } from "@ethereumjs/common";
import { paramsEVM } from "@ethereumjs/evm";
import { createTxFromRLP, getCalldataFloorGas, isBlob4844Tx, paramsTx, type TypedTransaction } from "@ethereumjs/tx";
import type { Address } from "@ethereumjs/util";
import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { SKIP, type SkipReason } from "../../blocks/skipped.ts";
import { customCrypto } from "../../engine/reference/crypto.ts";
import { EMPTY_CODE_HASH } from "../../state/account.ts";
import type { Room } from "../validity.ts";

export function libraryCommon(fork: string, chainId: number): Common {
  const common = new Common({ chain: { ...Mainnet, chainId }, hardfork: fork as Hardfork, customCrypto });
  for (const params of [paramsTx, paramsBlock, paramsEVM]) common.updateParams(params);
  return common;
}

/** The library reads a blob hash's first byte as decimal digits, as far as they go: 0x1a to 0x1f as 1. */
const wrongVersion = (tx: TypedTransaction) => isBlob4844Tx(tx) && tx.blobVersionedHashes.some((hash) => !hash.startsWith("0x01"));

function read(raw: Bytes, common: Common): { tx: TypedTransaction; sender: Address } | undefined {
  try {
    const tx = createTxFromRLP(raw, { common, freeze: false });
    return wrongVersion(tx) ? undefined : { tx, sender: tx.getSenderAddress() };
  } catch {
    return undefined;
  }
}

export type Sender = { nonce: bigint; balance: bigint; codeHash: Bytes; code: Bytes };

/** Why the library would not run it; undefined: it would. The order of reasons is the protocol's. */
export function libraryVerdict(raw: Bytes, common: Common, account: Sender, room: Room): SkipReason | undefined {
  const decoded = read(raw, common);
  if (decoded === undefined) return SKIP.malformed;
  const { tx, sender } = decoded;
  if (tx.gasLimit < tx.getIntrinsicGas() || tx.gasLimit < getCalldataFloorGas(tx, sender)) return SKIP.intrinsicGas;
  const delegates = account.code.length === 23 && equalBytes(account.code.subarray(0, 3), Uint8Array.of(0xef, 1, 0));
  if (!equalBytes(account.codeHash, EMPTY_CODE_HASH) && !delegates) return SKIP.senderCode;
  if (tx.nonce < account.nonce) return SKIP.nonceTooLow;
  if (tx.nonce > account.nonce) return SKIP.nonceTooHigh;
  const feeCap = "maxFeePerGas" in tx ? tx.maxFeePerGas : tx.gasPrice;
  if (feeCap < room.baseFee) return SKIP.fee;
  const blobGas = isBlob4844Tx(tx) ? common.param("blobGasPerBlob") * BigInt(tx.numBlobs()) : 0n;
  const blobFeeCap = isBlob4844Tx(tx) ? tx.maxFeePerBlobGas : 0n;
  if (blobGas > 0n && blobFeeCap < room.blobBaseFee) return SKIP.blobFee;
  if (account.balance < tx.gasLimit * feeCap + tx.value + blobGas * blobFeeCap) return SKIP.balance;
  if (tx.gasLimit > room.gas) return SKIP.blockGas;
  return blobGas > room.blobGas ? SKIP.blobGas : undefined;
}
