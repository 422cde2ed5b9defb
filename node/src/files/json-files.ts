import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { filesError } from "./errors.ts";
import { fileError } from "./file-error.ts";

/** Larger ones are none that a person hands in. */
const MAX_BYTES = 1 << 20;

/** The file itself, or the .json files of a folder, by name. Throws FILE_UNREADABLE, FILE_NOT_JSON for a file over 1 MiB. */
export function jsonFilesIn(place: string): string[] {
  const stat = (path: string) => {
    try {
      return statSync(path);
    } catch (error) {
      throw fileError("FILE_UNREADABLE", path, error);
    }
  };
  if (!stat(place).isDirectory()) {
    if (stat(place).size > MAX_BYTES)
      throw filesError("FILE_NOT_JSON", `${place} has ${stat(place).size} bytes; at most ${MAX_BYTES} are read`, { place });
    return [place];
  }
  const names = readdirSync(place).filter((name) => name.endsWith(".json"));
  if (names.length === 0) throw filesError("FILE_UNREADABLE", `${place} holds no .json file`, { place });
  return names.sort().flatMap((name) => jsonFilesIn(join(place, name)));
}
