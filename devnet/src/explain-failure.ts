/** What the console says below a transaction that failed, where somebody named the project whose contracts it ran. */
import { isNoemaError } from "@noema/core/errors";
import { createSerial } from "@noema/core/serial";
import { readArtifacts } from "./artifacts/read-folder.ts";
import { failureLines } from "./trace/failure-lines.ts";
import { readNames } from "./trace/names.ts";

/** That wait: one is looked at after the other, since a trace runs a block again. */
const MAX_WAITING = 16;

export type Explain = (hash: string) => Promise<readonly string[]>;

/** The artifacts are read for each failure, since a project is compiled again while its devnet runs. @param rpc undefined: not known yet */
export function createExplain(folder: string, rpc: () => string | undefined): Explain {
  const serial = createSerial();
  let waiting = 0;
  async function explain(url: string, hash: string): Promise<string[]> {
    try {
      const contracts = readArtifacts(folder);
      return (await failureLines(url, hash, readNames([], contracts), contracts)).map((line) => `  ${line}`);
    } catch (error) {
      if (isNoemaError(error)) return [`  no source lines: ${error.message}`];
      throw error;
    }
  }
  return async (hash) => {
    const url = rpc();
    if (url === undefined) return [];
    if (waiting === MAX_WAITING) return ["  no source lines: too many failed at once"];
    waiting++;
    return serial(() => explain(url, hash)).finally(() => waiting--);
  };
}
