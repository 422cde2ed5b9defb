/** The configuration of a node, for a tool that works in its data directory. Throws what reading it throws. */
import { join } from "node:path";
import { rowsOf } from "@noema/core/option-table";
import { CONFIG_FILE, configFileOf, type NodeConfig, readNodeConfig } from "../config.ts";
import { nodeOptions } from "../options.ts";
import { givenBy, named } from "./named-options.ts";

export function configIn(datadir: string): NodeConfig {
  const file = configFileOf(undefined, { datadir }) ?? join(datadir, CONFIG_FILE);
  return readNodeConfig(file, givenBy(named(rowsOf(nodeOptions))));
}
