/**
 * Names in a folder that live exactly as long as a process: Unix sockets that it listens on. Whoever sees the folder can ask, also from
 * another PID or network namespace, and the answer is the kernel's: a stopped or busy process is connected to, one that was killed is
 * not, and a name of it that is left refuses. A name is never used twice, so one that has refused once is dead for good.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { NoemaError } from "@noema/core/errors";
import { fileError } from "../files/file-error.ts";
import { storeError } from "./errors.ts";

const NAME = /^(\d+)-(\d+)-[0-9a-f]{16}$/;
const MAX_NAME_BYTES = 64;
/** sun_path has 104 bytes on macOS and 108 on Linux, with a zero at its end. */
const MAX_PATH_BYTES = 103;

export type LivingName = {
  readonly name: string;
  /** Everybody who has connected, and whoever does later, is told so. */
  tell(text: string): void;
  /** Takes the name out of the folder; who is connected hears that it is over. */
  end(): void;
};

/**
 * Makes a new name. It listens before it can be seen, so nobody takes it for a dead one between the two.
 * Throws DATADIR_UNLOCKABLE where the file system takes no sockets, FILE_UNWRITABLE.
 */
export async function createName(folder: string): Promise<LivingName> {
  const name = `${process.pid}-${namespaceOfPids()}-${randomBytes(8).toString("hex")}`;
  const sockets = new Set<Socket>();
  let told = "";
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.unref();
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.resume();
    if (told !== "") socket.write(told);
  });
  const hidden = `.${name}`;
  try {
    await onShortWay(folder, async (way) => {
      server.listen(join(way, hidden));
      await new Promise((done, failed) => server.once("listening", done).once("error", failed));
    });
    renameSync(join(folder, hidden), join(folder, name));
  } catch (error) {
    server.close();
    throw unmakeable(folder, error);
  }
  server.unref();
  return {
    name,
    tell(text) {
      told = text;
      for (const socket of sockets) socket.write(text);
    },
    end() {
      remove(join(folder, name)); // first: who finds it still finds it living
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** In the order that everybody sees. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((x) => NAME.test(x))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ENOTDIR") return [];
    throw fileError("FILE_UNREADABLE", folder, error);
  }
}

/** The process behind a living name; undefined where it lives in another PID namespace, in which its id means another process. */
export function processOf(name: string): number | undefined {
  const [, pid, namespace] = NAME.exec(name) as unknown as [string, string, string];
  return namespace === namespaceOfPids() ? Number(pid) : undefined;
}

export type Living = {
  /** "told": the name has said something; "gone": it is over; "silent": neither within the time. */
  outcome(patienceMs: number): Promise<"told" | "gone" | "silent">;
  gone(patienceMs: number): Promise<boolean>;
  leave(): void;
};

/** undefined: its process has ended, or has ended the name. Anything but the kernel's refusal counts as living. */
export function reach(folder: string, name: string): Promise<Living | undefined> {
  return onShortWay(folder, async (way) => {
    const socket = connect(join(way, name));
    const failure = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
      socket.once("connect", () => done(undefined));
      socket.on("error", done);
    });
    if (failure === undefined) return livingOf(socket);
    if (CUT.has(failure.code ?? "")) return reach(folder, name); // it ended between connect(2) and the answer
    return DEAD.has(failure.code ?? "") && !mayBeFull(name) ? undefined : MUTE; // a full backlog, no permission: somebody is there
  });
}

function livingOf(socket: Socket): Living {
  const told = new Promise<"told">((done) => socket.on("data", () => done("told")));
  const over = new Promise<"gone">((done) => socket.once("close", () => done("gone")));
  socket.on("end", () => socket.destroy());
  return {
    outcome: (patienceMs) => within(patienceMs, Promise.race([told, over]), "silent"),
    gone: (patienceMs) =>
      within(
        patienceMs,
        over.then(() => true),
        false,
      ),
    leave: () => void socket.destroy(),
  };
}

const MUTE: Living = {
  outcome: (patienceMs) => within(patienceMs, new Promise<never>(() => {}), "silent"),
  gone: (patienceMs) => within(patienceMs, new Promise<never>(() => {}), false),
  leave: () => {},
};

/** Outside Linux a backlog that is full, such as that of a stopped process, refuses as a dead name does. */
function mayBeFull(name: string): boolean {
  const pid = process.platform === "linux" ? undefined : processOf(name);
  return pid !== undefined && exists(pid);
}

async function within<T>(patienceMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((done) => {
    timer = setTimeout(() => done(otherwise), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const CUT: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ENOTCONN"]);
/** ENOTSOCK: macOS's word for a file of that name. */
const DEAD: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOENT", "ENOTSOCK"]);

/**
 * Removes names that refuse, and what a process left that was killed before its name could be seen. Such a name is not asked: it
 * refuses between bind(2) and listen(2), and would be taken from a process that is about to show it.
 */
export async function removeDead(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const seen = name.replace(/^\./, "");
    if (!NAME.test(seen)) continue;
    if (seen !== name) {
      const pid = processOf(seen);
      if (pid !== undefined && !exists(pid)) remove(join(folder, name));
      continue;
    }
    const living = await reach(folder, name);
    if (living === undefined) remove(join(folder, name));
    living?.leave();
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw fileError("FILE_UNWRITABLE", path, error);
  }
}

/** Calls `f` with a path of the folder that is short enough for a socket in it, whatever its own is. */
async function onShortWay<T>(folder: string, f: (way: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(folder) + 1 + MAX_NAME_BYTES <= MAX_PATH_BYTES) return f(folder);
  if (existsSync("/proc/self/fd")) {
    const fd = openSync(folder, "r");
    return f(`/proc/self/fd/${fd}`).finally(() => closeSync(fd));
  }
  const aside = mkdtempSync(join(tmpdir(), "n"));
  symlinkSync(resolve(folder), join(aside, "d"));
  return f(join(aside, "d")).finally(() => rmSync(aside, { recursive: true, force: true }));
}

/** Of this process; 0 where there are no such namespaces. */
function namespaceOfPids(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    return "0";
  }
}

/** What bind and link say where a file system has no sockets. */
const NO_SOCKETS: ReadonlySet<string> = new Set(["EOPNOTSUPP", "ENOTSUP", "EPERM", "EINVAL", "ENOSYS", "EAFNOSUPPORT"]);

function unmakeable(folder: string, error: unknown): NoemaError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !NO_SOCKETS.has(code)) return fileError("FILE_UNWRITABLE", folder, error);
  return storeError("DATADIR_UNLOCKABLE", `${folder}: the file system takes no Unix socket (${code})`, { folder, code }, error);
}
