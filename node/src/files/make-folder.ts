import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileError } from "./file-error.ts";

/** With its parents, where they are missing. Throws FILE_UNWRITABLE. */
export function makeFolder(path: string, mode?: number): void {
  try {
    make(path, mode);
  } catch (error) {
    throw fileError("FILE_UNWRITABLE", path, error);
  }
}

/** Not mkdir's own `recursive`: it never returns where the system says ENOENT below a folder that exists, as /proc does. */
function make(path: string, mode: number | undefined): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    make(dirname(path), mode);
    mkdirSync(path, { mode });
  }
}
