/** The data worker: KZG and row arithmetic, so that neither blocks the thread that votes. */
import { getPriority, setPriority } from "node:os";
import { createLocalRowWorker } from "@noema/da-layer/blob/row-worker";
import { postCopy } from "../threads/transfer.ts";
import { serve } from "./serve.ts";

/** Niceness: blocks and votes go first. Two thirds of their share of a busy core, no less: a holder's answer has a deadline of seconds. */
const BEHIND = 2;
// There it is this thread's, and that of those which it starts: KZG's. Elsewhere it would be the process's.
if (process.platform === "linux") setPriority(0, Math.min(getPriority(0) + BEHIND, 19));

serve(createLocalRowWorker(), { inside: "all", post: postCopy });
