import type { NoemaError } from "@noema/core/errors";
import { filesError } from "./errors.ts";

/** What the system's codes mean to whoever gave the path. */
const CAUSES: Record<string, string> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EEXIST: "a file stands there",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links lead in a circle",
  EMFILE: "this process has too many files open",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "no such file or folder",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "a part of its path is a file and not a folder",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
};

export function fileError(kind: "FILE_UNREADABLE" | "FILE_UNWRITABLE", path: string, error: unknown): NoemaError {
  const { code, message } = error as NodeJS.ErrnoException;
  const cause = CAUSES[code ?? ""] ?? code ?? message;
  return filesError(kind, `cannot ${kind === "FILE_UNREADABLE" ? "read" : "write"} ${path}: ${cause}`, { path, cause: code }, error);
}
