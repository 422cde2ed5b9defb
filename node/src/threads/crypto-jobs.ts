/** The jobs of the crypto threads: pure functions, so that any thread may do any, main too where that is less than a message. */
import { blsJobs } from "@noema/core/crypto/bls-jobs";
import { identify } from "@noema/execution/transactions/identify";

export const cryptoJobs = { ...blsJobs, identify };

export type CryptoJobs = typeof cryptoJobs;
export type CryptoJob = keyof CryptoJobs;

/** The same, as they are called between the threads. */
export type CryptoThread = { [J in CryptoJob]: (...args: Parameters<CryptoJobs[J]>) => Promise<ReturnType<CryptoJobs[J]>> };
