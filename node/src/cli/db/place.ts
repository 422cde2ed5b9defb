/** Where a node's stores and logs lie. */
import { join } from "node:path";
import { TABLES } from "@noema/consensus/store/tables";
import { rowsOf } from "@noema/core/option-table";
import { STATE_TABLES } from "@noema/execution/tables";
import { CONFIG_FILE, type NodeConfig, readNodeConfig } from "../../config.ts";
import { nodeOptions } from "../../options.ts";
import { givenBy, named } from "../named-options.ts";

export const STORES = { chain: Object.values(TABLES), state: STATE_TABLES } as const;
export const STORE_NAMES = ["chain", "state"] as const;

export const configOf = (datadir: string): NodeConfig => readNodeConfig(join(datadir, CONFIG_FILE), givenBy(named(rowsOf(nodeOptions))));
