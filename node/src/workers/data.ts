/** The data worker: KZG and row arithmetic, so that neither blocks the thread that votes. */
import { parentPort } from "node:worker_threads";
import { createLocalRowWorker } from "@noema/da-layer/blob/row-worker";
import { expose, type Port } from "../threads/rpc.ts";
import { postCopy } from "../threads/transfer.ts";

expose(parentPort as Port, createLocalRowWorker(), { post: postCopy });
