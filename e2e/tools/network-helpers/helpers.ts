/** Hardhat's network-helpers, as far as the packages for Hardhat 2 and 3 are alike. */
type Address = string;
type Quantity = number | bigint | string;

export type Snapshot = { restore(): Promise<void> };

export type Helpers = {
  time: {
    increase(seconds: Quantity): Promise<number>;
    increaseTo(timestamp: Quantity | Date): Promise<void>;
    latest(): Promise<number>;
    latestBlock(): Promise<number>;
    setNextBlockTimestamp(timestamp: Quantity | Date): Promise<void>;
    duration: Record<"seconds" | "minutes" | "hours" | "days" | "weeks" | "years", (n: number) => number>;
  };
  mine(blocks?: Quantity, options?: { interval?: Quantity }): Promise<void>;
  mineUpTo(block: Quantity): Promise<void>;
  dropTransaction(hash: string): Promise<boolean>;
  getStorageAt(address: Address, index: Quantity, block?: Quantity): Promise<string>;
  setStorageAt(address: Address, index: Quantity, value: Quantity): Promise<void>;
  setBalance(address: Address, balance: Quantity): Promise<void>;
  setNonce(address: Address, nonce: Quantity): Promise<void>;
  setCode(address: Address, code: string): Promise<void>;
  setCoinbase(address: Address): Promise<void>;
  setBlockGasLimit(limit: Quantity): Promise<void>;
  setNextBlockBaseFeePerGas(fee: Quantity): Promise<void>;
  setPrevRandao(value: Quantity): Promise<void>;
  impersonateAccount(address: Address): Promise<void>;
  stopImpersonatingAccount(address: Address): Promise<void>;
  takeSnapshot(): Promise<Snapshot>;
  loadFixture<T>(fixture: () => Promise<T>): Promise<T>;
  clearSnapshots(): Promise<void> | void;
  /** Hardhat 2's alone. */
  reset?(): Promise<void>;
};

/** JSON-RPC through the tool's own provider. */
// biome-ignore lint/suspicious/noExplicitAny: each method has a value of its own
export type Ask = (method: string, ...params: unknown[]) => Promise<any>;
