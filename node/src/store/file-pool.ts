/** Files that stay open between uses, at most `limit` at once over all who share the pool; the one unused for longest is closed first. */
import { type FileHandle, open } from "node:fs/promises";

export type FilePool = {
  /** Opens `path` for reading and writing where it is not open, and waits while all are in use. Throws what the system throws. */
  use<T>(path: string, f: (file: FileHandle) => Promise<T>): Promise<T>;
  /** Closes those of `paths` that are open, when they are not in use any more. */
  release(paths: readonly string[]): Promise<void>;
  /** Descriptors that are held. */
  readonly size: number;
};

type Entry = { file: Promise<FileHandle>; users: number; closed?: Promise<void> };

export function createFilePool(limit: number): FilePool {
  /** In the order of their last use. */
  const entries = new Map<string, Entry>();
  let waiting: (() => void)[] = [];

  function changed(): void {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }
  const change = () => new Promise<void>((resolve) => waiting.push(resolve));

  function close(path: string, entry: Entry): Promise<void> {
    entry.closed ??= entry.file
      .then((file) => file.close())
      .catch(() => {}) // it was never opened, or what it held is synced by who wrote it
      .finally(() => {
        entries.delete(path);
        changed();
      });
    return entry.closed;
  }

  async function entryFor(path: string): Promise<Entry> {
    for (;;) {
      const known = entries.get(path);
      if (known?.closed !== undefined) await known.closed;
      else if (known !== undefined) {
        entries.delete(path);
        entries.set(path, known);
        known.users++;
        return known;
      } else if (entries.size < limit) {
        const fresh = { file: open(path, "r+"), users: 1 };
        entries.set(path, fresh);
        return fresh;
      } else {
        const [oldest, idle] = [...entries].find(([, { users, closed }]) => users === 0 && closed === undefined) ?? [];
        await (oldest !== undefined && idle !== undefined ? close(oldest, idle) : change());
      }
    }
  }

  return {
    get size() {
      return entries.size;
    },
    async use(path, f) {
      const entry = await entryFor(path);
      try {
        return await f(await entry.file);
      } finally {
        entry.users--;
        if (await isBroken(entry.file)) await close(path, entry);
        changed();
      }
    },
    async release(paths) {
      for (const path of paths)
        for (let entry = entries.get(path); entry !== undefined; entry = entries.get(path))
          await (entry.users === 0 ? close(path, entry) : change());
    },
  };
}

const isBroken = (file: Promise<FileHandle>): Promise<boolean> =>
  file.then(
    () => false,
    () => true,
  );
