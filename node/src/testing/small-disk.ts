/** A disk of its own that can be filled; root alone can mount one. */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesFree } from "../store/no-room.ts";

export type SmallDisk = {
  path: string;
  /** Until so many bytes are left at most. */
  fill(left: number): void;
  empty(): void;
  remove(): void;
};

/** undefined: this process may not mount. */
export function mountSmallDisk(bytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), "noema-disk-"));
  if (process.platform !== "linux" || spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]).status !== 0) {
    rmSync(path, { recursive: true });
    return undefined;
  }
  const filler = join(path, "filler");
  return {
    path,
    fill(left) {
      try {
        appendFileSync(filler, new Uint8Array(Math.max(0, bytesFree(path) - left)));
      } catch {
        // who else writes there was faster
      }
    },
    empty: () => rmSync(filler, { force: true }),
    remove() {
      spawnSync("umount", ["-l", path]);
      rmSync(path, { recursive: true });
    },
  };
}
