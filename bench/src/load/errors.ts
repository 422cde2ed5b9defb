import { defineErrors } from "@noema/core/errors";

export const { errors, error: benchError } = defineErrors({
  BENCH_TARGET_FAILED: {
    means: "a node that was to be measured did not start, or did not answer",
    remedy: "Read what it said, which the message has the end of; a foreign node must run before the measurement.",
  },
  BENCH_SETUP_FAILED: {
    means: "the accounts or contracts of a scenario could not be made on the chain",
    remedy: "See that the key has funds for it (--key, --max-fee-gwei) and that the chain has the fork that the contracts need.",
  },
  BENCH_RUN_FAILED: {
    means: "what was sent is neither included nor refused, or was included with another outcome: the figures would mean nothing",
    remedy: "Look at the node's log; with a smaller --rate or --count see where it begins.",
  },
  BENCH_RESULT_INVALID: {
    means: "a file is no result of `bench`",
    remedy: "Name the result.json that a run wrote.",
  },
  BENCH_NOTHING_TO_COMPARE: {
    means: "two results have no ratio in common",
    remedy: "Compare results of the same command; `bench quick` and `bench peers` have ratios where anvil is installed.",
  },
});
