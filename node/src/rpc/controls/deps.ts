import type { Operations } from "../../chain/operations.ts";
import type { ModuleDeps } from "../module-deps.ts";

/** Of a development chain. */
export type ControlDeps = ModuleDeps & { operations: Operations };
