/** What the console says below a transaction that failed, where somebody named the project whose contracts it ran. */
import { isNoemaError } from "@noema/core/errors";
import { readArtifacts } from "./artifacts/read-folder.ts";
import { failureLines } from "./trace/failure-lines.ts";
import { readNames } from "./trace/names.ts";

/** Of a block with more, the others are told without: a trace runs a block again. */
const AT_ONCE = 3;

export type Explain = (hash: string) => Promise<readonly string[]>;

/** The artifacts are read for each failure, since a project is compiled again while its devnet runs. @param rpc undefined: not known yet */
export function createExplain(folder: string, rpc: () => string | undefined): Explain {
  let running = 0;
  return async (hash) => {
    const url = rpc();
    if (url === undefined || running === AT_ONCE) return [];
    running++;
    try {
      const contracts = readArtifacts(folder);
      return (await failureLines(url, hash, readNames([], contracts), contracts)).map((line) => `  ${line}`);
    } catch (error) {
      if (isNoemaError(error)) return [`  no source lines: ${error.message}`];
      throw error;
    } finally {
      running--;
    }
  };
}
