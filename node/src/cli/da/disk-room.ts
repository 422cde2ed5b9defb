import { statfs } from "node:fs/promises";
import { cliError } from "../errors.ts";

/** Before what comes is written below `folder`, which exists. Throws CLI_DISK_FULL. */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes > free)
    throw cliError("CLI_DISK_FULL", `${bytes} bytes are to be written to ${folder}; its disk has ${free} left`, { bytes, free });
}
