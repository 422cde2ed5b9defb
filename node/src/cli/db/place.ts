/** The stores of a node, and the tables of each. */
import { TABLES } from "@noema/consensus/store/tables";
import { STATE_TABLES } from "@noema/execution/tables";

export const STORES = { chain: Object.values(TABLES), state: STATE_TABLES } as const;
export const STORE_NAMES = ["chain", "state"] as const;
