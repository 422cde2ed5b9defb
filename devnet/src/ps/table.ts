import type { Style } from "@noema/node/cli/style";
import type { DevnetState, ValidatorState } from "./processes.ts";

const HEAD = ["validator", "pid", "state", "height", "RPC"];
const COLOUR = { synced: "green", syncing: "yellow", halted: "red", silent: "red", ended: "red" } as const;

/** For people; causes stand below, since they are sentences. */
export function table({ datadir, pid, validators }: DevnetState, style: Style): string {
  const rows = [HEAD, ...validators.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] as number)));
  const [head, ...body] = lines.map((row, i) => {
    const state = validators[i - 1]?.state;
    if (state !== undefined) row[2] = style(COLOUR[state], row[2] as string);
    return row.join("  ").trimEnd();
  });
  const causes = validators.flatMap((x) => (x.cause === null ? [] : [`validator ${x.index}: ${x.cause}`]));
  return [`devnet in ${datadir}: ${pid === null ? "does not run" : `pid ${pid}`}`, style("bold", head as string), ...body, ...causes].join(
    "\n",
  );
}

function cells({ index, pid, state, height, rpcUrl }: ValidatorState): string[] {
  return [String(index), String(pid ?? "-"), state, String(height ?? "-"), rpcUrl];
}
