/** What is to be published: files, folders with all below them, streams. */
import { createReadStream, globSync, readdirSync, statSync } from "node:fs";
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
    if (path === "-" || !GLOB.test(path) || statSync(path, { throwIfNoEntry: false }) !== undefined) return [path];
    const found = globSync(path).sort();
    if (found.length === 0) throw cliError("CLI_INPUT_INVALID", `nothing matches ${path}`);
    return found;
  });
}

/** `skip` hears what below a folder is neither a file nor a folder: links are not followed. */
export function openInput(path: string, skip: (path: string) => void): Input {
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
function walk(root: string, skip: (path: string) => void): { path: string; bytes: number }[] {
  const entries = attempt(root, () => readdirSync(root, { recursive: true, withFileTypes: true }));
  const files = entries.flatMap((entry) => {
    if (entry.isDirectory()) return [];
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) return [{ path: relative(root, path), bytes: statSync(path).size }];
    skip(path);
    return [];
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function attempt<T>(path: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw fileError("FILE_UNREADABLE", path, error);
  }
}
