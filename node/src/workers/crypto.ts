/** A crypto thread: recovers senders, signs and verifies BLS; owns nothing. */
import { cryptoJobs } from "../threads/crypto-jobs.ts";
import { postCopy } from "../threads/transfer.ts";
import { serve } from "./serve.ts";

serve(cryptoJobs, { inside: "all", post: postCopy });
