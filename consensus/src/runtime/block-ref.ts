import type { BlockRef } from "@noema/core/ports/application";
import type { Block } from "../types.ts";

export function blockRef({ hash, header }: Block): BlockRef {
  const { height, epoch, view, timestampMs } = header;
  return { hash, height, epoch, view, timestampMs };
}
