/** Types of create-devnet.mjs. */
type Hex = `0x${string}`;

/** As the flags of `noema devnet` (docs/config.md). */
export interface DevnetOptions {
  /** 1 unless given: a block the moment a transaction arrives. */
  validators?: number;
  /** A random one unless given, so that nothing signed for one devnet means anything on another. */
  chainId?: number;
  /** Funded accounts, 10 unless given. */
  accounts?: number;
  /** Of each, in ether. */
  balance?: number;
  mnemonic?: string;
  /** Seconds between blocks, fractions allowed. */
  blockTime?: number;
  /** false: a block comes when it is asked for, by evm_mine. */
  mining?: boolean;
  gasLimit?: number;
  /** Of the first block, in wei. */
  baseFee?: number;
  hardfork?: string;
  disableTxGasLimit?: boolean;
  /** The same validator keys and genesis salt again with the same text. */
  seed?: string;
  /** Paths of .nmodel files that are active from the first block on, beside the digit model. */
  model?: readonly string[];
  /** Keeps the state there; a folder of its own that goes with the devnet unless given. */
  datadir?: string;
  /** RPC port of validator 0; a free one unless given. */
  port?: number;
  /** Whatever else `noema devnet` takes, as a shell would say it. */
  flags?: readonly string[];
}

export interface Devnet {
  readonly chainId: number;
  /** Of validator 0. */
  readonly rpcUrl: string;
  readonly wsUrl: string;
  /** Of each validator. */
  readonly rpcUrls: readonly string[];
  /** Funded; the node signs for them, too. */
  readonly accounts: readonly { readonly address: Hex; readonly privateKey: Hex }[];
  /** One JSON-RPC call to validator 0; rejects with the error's message and its code. */
  request<Result = unknown>(method: string, params?: readonly unknown[]): Promise<Result>;
  /** Everything as it is now, for `revert`. */
  snapshot(): Promise<Hex>;
  /** Back to a snapshot, which is used up by it. Rejects where there is no such snapshot. */
  revert(id: Hex): Promise<void>;
  /** Resolves when its processes have ended and its folder is gone. */
  stop(): Promise<void>;
}

export function createDevnet(options?: DevnetOptions): Promise<Devnet>;
