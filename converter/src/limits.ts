/** What is read before it is known to be good. An honest source of the 16 MiB of int8 that a model may have takes 64 MiB as floats. */
import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { type ConverterErrorCode, fail } from "./errors.ts";

export const MAX_SOURCE_BYTES = 128 * 2 ** 20;
/** Of inputs to calibrate or test with: 1,000 pictures of 224 x 224 x 3 floats take 602 MB. */
export const MAX_DATA_BYTES = 2 ** 30;

/** The file, whose size is known before it is read. Throws `code`, and what the system says of a file that is not there. */
export function readBounded(path: string, most: number, code: ConverterErrorCode): Buffer {
  if (!statSync(path).isFile()) fail(code, `${path}: no file to read, but a folder, a pipe or a device`); // opening a pipe waits for its writer
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size > most) fail(code, `${path}: ${size} bytes, limit ${most}`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
