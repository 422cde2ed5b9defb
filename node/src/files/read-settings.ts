import { parse, TomlError } from "smol-toml";
import { filesError } from "./errors.ts";
import { readJson, readText } from "./read-json.ts";

/**
 * By the name of its file TOML, else JSON. Throws FILE_UNREADABLE, FILE_NOT_JSON, FILE_NOT_TOML; no message quotes the text, which may hold
 * keys.
 */
export function readSettings(path: string): unknown {
  if (!path.endsWith(".toml")) return readJson(path);
  const text = readText(path);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw filesError("FILE_NOT_TOML", `${path}:${error.line}:${error.column} is not TOML`, { path, line: error.line });
  }
}
