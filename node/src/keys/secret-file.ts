/** Passwords and mnemonics come from files that their owner alone can read: every process of a user sees a command line and an environment. */
import { statSync } from "node:fs";
import { fileError } from "../files/file-error.ts";
import { readText } from "../files/read-json.ts";
import { keyError } from "./errors.ts";
import { openMode, openSecret } from "./key-file.ts";

/** Longer ones are no password and no mnemonic: a wrong file was named. */
const MAX_BYTES = 4096;

/** The text without the line end that editors put last. Throws FILE_UNREADABLE, SECRET_FILE_OPEN, SECRET_FILE_INVALID; no message quotes it. */
export function readSecretFile(path: string): string {
  const { mode, size } = stat(path);
  const open = openMode(mode);
  if (open !== undefined) throw openSecret({ path, mode: open });
  if (size > MAX_BYTES) throw keyError("SECRET_FILE_INVALID", `${path} has ${size} bytes; at most ${MAX_BYTES} are expected`, { path });
  const text = readText(path, MAX_BYTES).replace(/\r?\n$/, "");
  if (text.trim() === "") throw keyError("SECRET_FILE_INVALID", `${path} is empty`, { path });
  return text;
}

function stat(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw fileError("FILE_UNREADABLE", path, error);
  }
}
