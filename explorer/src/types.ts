/** What the page reads of the node's answers; quantities and bytes are hex. */
export type Hex = `0x${string}`;
export type Block = { number: Hex; hash: Hex; stateRoot: Hex; gasUsed: Hex; gasLimit: Hex; timestamp: Hex; transactions: Hex[] };
export type Receipt = {
  transactionHash: Hex;
  blockNumber: Hex;
  blockHash: Hex;
  status: Hex;
  gasUsed: Hex;
  contractAddress: Hex | null;
  logs: { topics: Hex[]; data: Hex }[];
};
export type Finality = {
  header: { height: Hex; view: Hex; epoch: Hex; exec: { number: Hex; stateRoot: Hex; evmBlockHash: Hex } };
  headerHash: Hex;
  publicKeys: Hex[];
  signers: { index: number }[];
  signedWeight: Hex;
  totalWeight: Hex;
};
export type Model = {
  id: Hex;
  name: string;
  inputBytes: number;
  outputBytes: number;
  gas: Hex;
  output: { temperature: number | null };
};
export type Validator = { index: number; publicKey: Hex; rpcUrl: string | null };
/** Of noema_daRows. */
export type DaRows = {
  rows: Hex;
  needed: Hex;
  certified: boolean;
  height: Hex | null;
  holders: { validator: number; from: Hex; to: Hex; signed: boolean; reachable: boolean }[] | null;
};
/** Of noema_consensusStatus. */
export type Status = {
  state: "synced" | "syncing" | "halted";
  cause: string | null;
  heardFrom: number[];
  validators: number;
  quorum: number;
  consensusHeight: Hex;
  latest: Hex;
};
export type NodeInfo = { chainId: Hex; genesisHash: Hex; dev: boolean; validatorIndex: number | null; version: string };
