/** Rows of a stopped validator as a liar has them: one bit of each is another, and its checksum is right. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROW_BYTES } from "@noema/da-layer/blob/elements";
import { createFrameFormat, decodeHeader, FRAME_BYTES, HEADER_BYTES } from "@noema/node/store/log-frame";

/** The least bit of an element: it stays canonical. */
const PLACE = 31;

/** Returns how many. */
export function flipRows(datadir: string): number {
  const files = readdirSync(join(datadir, "blobs"), { recursive: true, withFileTypes: true });
  const segments = files.filter((x) => x.name.endsWith(".log") && basename(x.parentPath).startsWith("rows-"));
  return segments.reduce((sum, { parentPath, name }) => sum + flipSegment(join(parentPath, name)), 0);
}

function flipSegment(path: string): number {
  const bytes = readFileSync(path);
  const header = decodeHeader(bytes);
  if (header === undefined) throw new Error(`${path} has no header`);
  const format = createFrameFormat(header.owner);
  let rows = 0;
  for (let at = HEADER_BYTES; at < bytes.length; rows++) {
    const position = header.base + at - HEADER_BYTES;
    const head = format.head(bytes, at, position);
    const record = format.record(bytes, at, position);
    if (head === undefined || record === undefined) throw new Error(`${path} has no frame at ${at}`);
    const place = record.length - ROW_BYTES + PLACE; // a record ends with its row
    record[place] = (record[place] as number) ^ 1;
    bytes.set(format.encode(position, head.batchStart, record), at);
    at += FRAME_BYTES + head.length;
  }
  writeFileSync(path, bytes);
  return rows;
}
