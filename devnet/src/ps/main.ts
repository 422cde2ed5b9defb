/** What `noema ps` does. */
import { resolve } from "node:path";
import { styleFor } from "@noema/node/cli/style";
import { askReadiness } from "../readiness.ts";
import { devnetState } from "./processes.ts";
import { table } from "./table.ts";

export type PsOptions = { datadir: string; json: boolean };

export async function runPs({ datadir, json }: PsOptions): Promise<void> {
  const state = await devnetState(resolve(datadir), askReadiness);
  process.stdout.write(`${json ? JSON.stringify(state) : table(state, styleFor(process.stdout))}\n`);
}
