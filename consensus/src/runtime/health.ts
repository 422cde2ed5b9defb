import { isNoemaError } from "@noema/core/errors";
import type { Height } from "@noema/core/ports/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { errors } from "../errors.ts";
import type { Divergence } from "./exec-watch.ts";

export type Fault = { code: string; message: string };
export type FoundFault = Fault & {
  /** Of EXEC_DIVERGED: what was executed wrongly, or could not be. */
  height?: Height;
  /** Of EXEC_DIVERGED with an own result. */
  divergence?: Divergence;
};
export type Health = {
  /** While false this node signs nothing; it goes on following. What it still answers is the node's to say (docs/decisions/0024). */
  ok(): boolean;
  fault(): Fault | undefined;
  /** The first fault stands until the node is restarted. */
  fail(code: keyof typeof errors, error: unknown, fields?: Record<string, unknown>, more?: Pick<FoundFault, "height" | "divergence">): void;
};

/** `known`: a fault that an earlier run found and that outlives it. `told` hears of each new one, before it is logged. */
export function createHealth(logger: Logger, known?: Fault, told: (fault: FoundFault) => void = () => {}): Health {
  let fault = known;
  return {
    ok: () => fault === undefined,
    fault: () => fault,
    fail(code, error, fields = {}, more = {}) {
      const found = { code: isNoemaError(error) ? error.code : code, message: error instanceof Error ? error.message : String(error) };
      fault ??= found;
      told({ ...found, ...more });
      logger.log("error", "consensus stopped voting", { ...found, ...fields });
    },
  };
}
