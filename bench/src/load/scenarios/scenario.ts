/** What the load consists of. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Account } from "../sign/keys.ts";

/** Transaction i, without what its sender adds. The same i gives the same call. */
export type Call = (i: number) => { to: Bytes; value: bigint; data: Bytes; gas: number };

export type SetupCall = { to: Bytes; value?: bigint; data?: Bytes; gas: number };

export type Setup = {
  seed: number;
  senders: readonly Account[];
  /** Puts a contract on the chain and resolves with its address. */
  deploy(creationCode: Bytes): Promise<Bytes>;
  /** Transactions of the account that deploys, in order; resolves when all are in blocks, throws BENCH_SETUP_FAILED when one failed. */
  send(calls: readonly SetupCall[]): Promise<void>;
  /** The same call from each sender; otherwise like `send`. */
  sendFromEach(call: SetupCall): Promise<void>;
  /** One JSON-RPC call. */
  ask<T>(method: string, ...params: unknown[]): Promise<T>;
};

export type Scenario = {
  name: string;
  about: string;
  /** Gas limit of one transaction, from which follows what a sender must own. */
  gas: number;
  /** Wei that each transaction takes along. */
  value: bigint;
  prepare(setup: Setup): Promise<Call>;
};
