/** A crypto thread: recovers senders, signs and verifies BLS; owns nothing. */
import { parentPort } from "node:worker_threads";
import { cryptoJobs } from "../threads/crypto-jobs.ts";
import { expose, type Port } from "../threads/rpc.ts";
import { postCopy } from "../threads/transfer.ts";

expose(parentPort as Port, cryptoJobs, { post: postCopy });
