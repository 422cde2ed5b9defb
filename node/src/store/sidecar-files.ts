/** Where a node keeps the blobs of transactions: a file for each, in folders that are dropped whole. */
import { access, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SidecarFiles } from "@noema/da-layer/sidecars/store";
import { makeFolder } from "../files/make-folder.ts";
import { storeError } from "./errors.ts";
import { isNoRoom } from "./no-room.ts";

export function openSidecarFiles(root: string): SidecarFiles {
  makeFolder(root);

  async function sync(path: string): Promise<void> {
    const file = await open(path);
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  return {
    folders: () => readdir(root),
    has: (folder, name) =>
      access(join(root, folder, name)).then(
        () => true,
        () => false,
      ),
    read: (folder, name) => readFile(join(root, folder, name)).then((x) => new Uint8Array(x), orMissing),
    async write(folder, name, bytes) {
      const path = join(root, folder);
      const beside = join(path, `${name}.${process.hrtime.bigint()}.tmp`);
      try {
        if ((await mkdir(path, { recursive: true })) !== undefined) await sync(root);
        const file = await open(beside, "wx");
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(beside, join(path, name));
        await sync(path);
      } catch (error) {
        await rm(beside, { force: true });
        throw isNoRoom(error) ? storeError("DISK_FULL", `${path}: ${(error as Error).message}`, { path }, error) : error;
      }
    },
    remove: (folder, name) => rm(join(root, folder, name), { force: true }),
    drop: (folder) => rm(join(root, folder), { recursive: true, force: true }),
  };
}

function orMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
