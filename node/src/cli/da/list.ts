import { describeFile, urlOf } from "./describe-file.ts";

export type LookOptions = { rpc: string; json: boolean };

/** The files of a directory, or the one that is asked for: bytes and path. */
export async function list(what: string, { rpc, json }: LookOptions): Promise<void> {
  const { files, bytes, name } = await describeFile(urlOf(rpc, what));
  const rows = files ?? [{ path: name || what, bytes }];
  const width = String(Math.max(0, ...rows.map((x) => x.bytes))).length;
  for (const row of rows) process.stdout.write(`${json ? JSON.stringify(row) : `${String(row.bytes).padStart(width)}  ${row.path}`}\n`);
}

/** What is known of a file: a line a fact. */
export async function stat(what: string, { rpc, json }: LookOptions): Promise<void> {
  const { files, ...facts } = await describeFile(urlOf(rpc, what));
  const described = files === undefined ? facts : { ...facts, files: files.length, bytes: files.reduce((sum, x) => sum + x.bytes, 0) };
  if (json) return void process.stdout.write(`${JSON.stringify(described)}\n`);
  for (const [fact, value] of Object.entries(described)) process.stdout.write(`${fact}: ${value}\n`);
}
