/** What is to be published: files, folders with all below them, streams. */
import { createReadStream, existsSync, globSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import { fileError } from "../../files/file-error.ts";
import { cliError } from "../errors.ts";

/** `bytes`: absent where only reading tells. */
export type Input = {
  path: string;
  name?: string;
  bytes?: number;
  files?: { path: string; bytes: number }[];
  open(): AsyncIterable<Bytes>;
};

const GLOB = /[*?[{]/;

/** Each argument as it stands, or what it matches. Throws CLI_INPUT_INVALID, FILE_UNREADABLE. */
export function expandPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (path === "-" || !GLOB.test(path) || existsSync(path)) return [path];
    const found = globSync(path).sort();
    if (found.length === 0) throw cliError("CLI_INPUT_INVALID", `nothing matches ${path}`);
    return found;
  });
}

/** Hears what below a folder is left out: "is no file" (links are not followed), "is empty" (a listing has files only). */
type Skip = (path: string, why: string) => void;

export function openInput(path: string, skip: Skip): Input {
  if (path === "-") return { path, open: () => process.stdin };
  const found = attempt(path, () => statSync(path));
  const read = (file: string) => createReadStream(file, { highWaterMark: 1 << 20 });
  if (!found.isDirectory()) return { path, name: basename(path), bytes: found.isFile() ? found.size : undefined, open: () => read(path) };
  const files = walk(path, skip);
  async function* joined(): AsyncIterable<Bytes> {
    for (const file of files) {
      let came = 0;
      for await (const chunk of read(join(path, file.path)) as AsyncIterable<Buffer>) {
        came += chunk.length;
        yield chunk;
      }
      if (came !== file.bytes) throw cliError("CLI_INPUT_INVALID", `${join(path, file.path)} changed while it was read`);
    }
  }
  return { path, name: basename(resolve(path)), bytes: files.reduce((sum, x) => sum + x.bytes, 0), files, open: joined };
}

/** In the order of their paths as text, so that a run that goes on meets the same bytes. */
function walk(root: string, skip: Skip): { path: string; bytes: number }[] {
  return filesBelow(root, skip)
    .map((path) => ({ path: relative(root, path), bytes: sizeOf(path) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `readdirSync` with `recursive` follows links to folders: what they lead to was never meant to be published. */
function filesBelow(folder: string, skip: Skip): string[] {
  const entries = attempt(folder, () => readdirSync(folder, { withFileTypes: true }));
  if (entries.length === 0) skip(folder, "is empty");
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, skip);
    if (entry.isFile()) return [path];
    skip(path, "is no file");
    return [];
  });
}

function sizeOf(path: string): number {
  // as Node reads a name that is none in UTF-8, under which nothing can be opened
  if (path.includes("\ufffd")) throw cliError("CLI_INPUT_INVALID", `${path}: its name is no UTF-8`);
  return attempt(path, () => statSync(path).size);
}

function attempt<T>(path: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw fileError("FILE_UNREADABLE", path, error);
  }
}
