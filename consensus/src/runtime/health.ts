import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";

export type Fault = { code: string; message: string };
export type Health = {
  /** While false this node signs nothing; it goes on following and serving where it can. */
  ok(): boolean;
  fault(): Fault | undefined;
  /** The first fault stands until the node is restarted. */
  fail(code: string, error: unknown, fields?: Record<string, unknown>): void;
};

export function createHealth(logger: Logger): Health {
  let fault: Fault | undefined;
  return {
    ok: () => fault === undefined,
    fault: () => fault,
    fail(code, error, fields = {}) {
      const found = { code: isNoemaError(error) ? error.code : code, message: error instanceof Error ? error.message : String(error) };
      fault ??= found;
      logger.log("error", "consensus stopped voting", { ...found, ...fields });
    },
  };
}
