import { readFileSync } from "node:fs";
import { filesError } from "./errors.ts";
import { fileError } from "./file-error.ts";

/** UTF-8, without the byte order mark that editors on Windows put first. Throws FILE_UNREADABLE. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw fileError("FILE_UNREADABLE", path, error);
  }
}

/** Throws FILE_UNREADABLE, FILE_NOT_JSON; the message never quotes the text, which may hold keys. */
export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw filesError("FILE_NOT_JSON", `${path} ${text.trim() === "" ? "is empty" : "is not valid JSON"}`, { path });
  }
}
