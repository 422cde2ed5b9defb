import { execError } from "../errors.ts";

/** What the answer to one question may hold, counted before it is made. */
export type Budget = {
  /** Throws TRACE_TOO_LARGE. */
  spend(characters: number): void;
};

export function createBudget(limit: number): Budget {
  let spent = 0;
  return {
    spend(characters) {
      spent += characters;
      if (spent > limit) throw execError("TRACE_TOO_LARGE", `the trace would have more than ${limit} characters`, { limit });
    },
  };
}
