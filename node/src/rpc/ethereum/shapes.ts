/** What clients are answered of the chain, as execution-apis shapes it: the schemas of render-block.ts and render-transaction.ts. */
import { ADDRESS, BOOLEAN, DATA, either, HASH, type JsonSchema, list, members, nullable, QUANTITY } from "../json-rpc/schema.ts";

function type(title: string, description: string, schema: JsonSchema): JsonSchema {
  return { ...schema, title, description };
}

const bloom = DATA;

const header = {
  number: QUANTITY,
  hash: nullable(HASH),
  parentHash: HASH,
  sha3Uncles: HASH,
  miner: nullable(ADDRESS),
  stateRoot: HASH,
  transactionsRoot: HASH,
  receiptsRoot: HASH,
  logsBloom: bloom,
  difficulty: QUANTITY,
  gasLimit: QUANTITY,
  gasUsed: QUANTITY,
  timestamp: QUANTITY,
  extraData: DATA,
  mixHash: HASH,
  nonce: nullable(DATA),
};
/** By forks. */
const laterHeader = {
  baseFeePerGas: QUANTITY,
  withdrawalsRoot: HASH,
  blobGasUsed: QUANTITY,
  excessBlobGas: QUANTITY,
  parentBeaconBlockRoot: HASH,
  requestsHash: HASH,
};

export const HEADER = type(
  "Header",
  "of a block, with the fields that its fork has; hash, miner and nonce of the pending one are null",
  members(header, laterHeader),
);

const accessList = list(members({ address: ADDRESS, storageKeys: list(HASH) }));
export const ACCESS_LIST = type("AccessList", "addresses and slots (EIP-2930)", accessList);
const authorization = members({ chainId: QUANTITY, address: ADDRESS, nonce: QUANTITY, yParity: QUANTITY, r: QUANTITY, s: QUANTITY });

const unsigned = {
  type: QUANTITY,
  nonce: QUANTITY,
  to: nullable(ADDRESS),
  value: QUANTITY,
  gas: QUANTITY,
  gasPrice: QUANTITY,
  input: DATA,
};
const byType = {
  chainId: QUANTITY,
  maxFeePerGas: QUANTITY,
  maxPriorityFeePerGas: QUANTITY,
  accessList: ACCESS_LIST,
  maxFeePerBlobGas: QUANTITY,
  blobVersionedHashes: list(HASH),
  authorizationList: list(authorization),
};
const signature = { v: QUANTITY, r: QUANTITY, s: QUANTITY };
const place = {
  blockHash: nullable(HASH),
  blockNumber: nullable(QUANTITY),
  blockTimestamp: nullable(QUANTITY),
  transactionIndex: nullable(QUANTITY),
};

export const UNSIGNED = type("UnsignedTransaction", "with the members that its type has", members(unsigned, byType));
export const SIGNED = type(
  "SignedTransaction",
  "with the members that its type has",
  members({ ...unsigned, ...signature }, { ...byType, yParity: QUANTITY }),
);
export const TRANSACTION = type(
  "Transaction",
  "and its block, null while it has none",
  members({ ...place, hash: HASH, from: ADDRESS, ...unsigned, ...signature }, { ...byType, yParity: QUANTITY }),
);

export const LOG = type(
  "Log",
  "of a contract; `removed`: its block is of the chain no more",
  members({
    address: ADDRESS,
    topics: list(HASH, 4),
    data: DATA,
    blockNumber: QUANTITY,
    blockHash: HASH,
    blockTimestamp: QUANTITY,
    transactionHash: HASH,
    transactionIndex: QUANTITY,
    logIndex: QUANTITY,
    removed: BOOLEAN,
  }),
);

const receipt = {
  transactionHash: HASH,
  transactionIndex: QUANTITY,
  blockHash: HASH,
  blockNumber: QUANTITY,
  from: ADDRESS,
  to: nullable(ADDRESS),
  contractAddress: nullable(ADDRESS),
  type: QUANTITY,
  status: QUANTITY,
  gasUsed: QUANTITY,
  cumulativeGasUsed: QUANTITY,
  effectiveGasPrice: QUANTITY,
};
export const RECEIPT = type(
  "Receipt",
  "of a transaction in a block",
  members({ ...receipt, logsBloom: bloom, logs: list(LOG) }, { blobGasUsed: QUANTITY, blobGasPrice: QUANTITY }),
);

const body = { size: QUANTITY, uncles: list(HASH, 0), transactions: list(either(HASH, TRANSACTION)) };
export const blockMembers = { required: { ...header, ...body }, more: { ...laterHeader, withdrawals: list({}, 0) } };
export const BLOCK = type("Block", "its transactions as hashes or whole", members(blockMembers.required, blockMembers.more));
