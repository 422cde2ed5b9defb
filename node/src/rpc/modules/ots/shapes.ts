/** What Otterscan reads (its documentation of the ots_ methods), where it is not as eth_* answers. */
import { blockMembers, RECEIPT, TRANSACTION } from "../../ethereum/shapes.ts";
import { BOOLEAN, INTEGER, type JsonSchema, list, members, NULL, QUANTITY } from "../../json-rpc/schema.ts";

const { required, more } = blockMembers;
const { transactions: _, ...slim } = { ...required, logsBloom: NULL, transactionCount: INTEGER };

export const DETAILS: JsonSchema = members({
  block: members(slim, more),
  issuance: members({ blockReward: QUANTITY, uncleReward: QUANTITY, issuance: QUANTITY }),
  totalFees: QUANTITY,
});

const OTS_RECEIPT: JsonSchema = {
  title: "OtsReceipt",
  description: "without logs, with the time of its block",
  ...members({ ...RECEIPT.properties, logs: NULL, logsBloom: NULL, timestamp: INTEGER }),
};
const { blobGasUsed: __, blobGasPrice: ___, ...always } = OTS_RECEIPT.properties ?? {};
const RECEIPTS = list({ ...OTS_RECEIPT, required: Object.keys(always) });

export const BLOCK_PAGE = members({
  fullblock: members({ ...required, transactions: list(TRANSACTION), transactionCount: INTEGER }, more),
  receipts: RECEIPTS,
});
export const SEARCH_PAGE = members({ txs: list(TRANSACTION), receipts: RECEIPTS, firstPage: BOOLEAN, lastPage: BOOLEAN });
