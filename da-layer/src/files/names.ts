/** Names and paths that a manifest may carry: what any file system takes, and what leads nowhere else (docs/protocol/files.md 3). */
import { utf8 } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

export const MAX_NAME_BYTES = 255;
export const MAX_PATH_BYTES = 1024;
export const MAX_TYPE_BYTES = 127;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** RFC 9110 8.3.1: type/subtype; parameters as tokens, without quotes. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(; ?[a-z0-9-]+=[A-Za-z0-9!#$&^_.+-]+)*$/;

/** undefined where the bytes are no UTF-8. */
export function textOf(bytes: Bytes): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Why this is no name of one file; undefined: it is. */
export function nameFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (utf8(name).length > MAX_NAME_BYTES) return `has more than ${MAX_NAME_BYTES} bytes`;
  if (name === "." || name === "..") return "leads to another folder";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[/\\\u0000-\u001f\u007f]/.test(name)) return "has a slash, a backslash or a control character";
  return name.isWellFormed() ? undefined : "is no UTF-16 text";
}

/** Why this is no path below a folder; undefined: it is, and no part of it leads upwards. */
export function pathFault(path: string): string | undefined {
  if (utf8(path).length > MAX_PATH_BYTES) return `has more than ${MAX_PATH_BYTES} bytes`;
  if (path.startsWith("/")) return "is absolute";
  for (const part of path.split("/")) {
    const fault = nameFault(part);
    if (fault !== undefined) return `part ${JSON.stringify(part.slice(0, 40))} ${fault}`;
  }
  return undefined;
}

/** Why this is no content type; undefined: it is. */
export function typeFault(type: string): string | undefined {
  if (type.length > MAX_TYPE_BYTES) return `has more than ${MAX_TYPE_BYTES} bytes`;
  return MEDIA_TYPE.test(type) ? undefined : "is no type/subtype in lower case";
}
