import { cliError } from "../errors.ts";
import { ask, readJson } from "./ask.ts";

export type Described = {
  id: string;
  kind: "object" | "file" | "directory";
  bytes: number;
  sha256?: string;
  contentType?: string;
  name?: string;
  entries?: number;
  /** Of a directory. */
  files?: { path: string; bytes: number; id: string; offset: number }[];
};

/** `what`: ID or ID/path, as the path of a URL. */
export function urlOf(rpc: string, what: string): string {
  return `${rpc}/da/${what.split("/").map(encodeURIComponent).join("/")}`;
}

/** Throws the node's code, or CLI_REQUEST_FAILED where the answer is no description. */
export async function describeFile(url: string): Promise<Described> {
  const described = await readJson<Described>(await ask(`${url}?stat`));
  if (!Number.isSafeInteger(described.bytes) || !["object", "file", "directory"].includes(described.kind))
    throw cliError("CLI_REQUEST_FAILED", `${url}: the answer describes no file: is this a Noema node?`);
  return described;
}
