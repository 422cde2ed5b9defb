/** A devnet's state in a file: it becomes that of a chain that begins, and is written when the devnet stops. */
import { createWriteStream, existsSync, openAsBlob } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isNoemaError } from "@noema/core/errors";
import { createSerial } from "@noema/core/serial";
import { fileError } from "@noema/node/files/file-error";
import { replaceFile } from "@noema/node/files/write-file";
import { devError } from "./errors.ts";
import type { DevnetOptions } from "./options.ts";

type StateOptions = Pick<DevnetOptions, "state" | "loadState" | "dumpState" | "stateInterval">;
export type StateFiles = {
  /** undefined: there is none to load. */
  load: string | undefined;
  /** undefined: none is written. */
  dump: string | undefined;
};

/** Throws FILE_UNREADABLE, FILE_UNWRITABLE: before anything starts. */
export function stateFiles({ state, loadState, dumpState = state }: StateOptions): StateFiles {
  const load = loadState ?? (state !== undefined && existsSync(state) ? state : undefined);
  if (load !== undefined && !existsSync(load)) throw fileError("FILE_UNREADABLE", load, { code: "ENOENT" });
  if (dumpState !== undefined) replaceFile(dumpState).discard();
  return { load, dump: dumpState };
}

/** How many accounts it held. Throws FILE_UNREADABLE, DEV_STATE_REFUSED. */
export async function loadStateFile(rpcUrl: string, path: string): Promise<number> {
  const body = await openAsBlob(path).catch((error) => {
    throw fileError("FILE_UNREADABLE", path, error);
  });
  const response = await fetch(`${rpcUrl}/state`, { method: "PUT", body });
  if (!response.ok) throw await refused(response, path);
  return ((await response.json()) as { accounts: number }).accounts;
}

/** Writes the state each so many seconds, and when it is asked to: one after the other. Whether it is written, where it should be. */
export function keepState(
  rpcUrl: string,
  path: string | undefined,
  seconds: number | undefined,
  warn: (line: string) => void,
): () => Promise<boolean> {
  if (path === undefined) return async () => true;
  const serial = createSerial();
  const write = () =>
    serial(() => dumpStateFile(rpcUrl, path)).then(
      () => true,
      (error: Error) => {
        warn(`the state is not written to ${path}: ${error.message}`);
        return false;
      },
    );
  if (seconds !== undefined) setInterval(write, seconds * 1000).unref();
  return write;
}

/** A reader sees the old file or the new one. Throws FILE_UNWRITABLE, DEV_STATE_REFUSED. */
async function dumpStateFile(rpcUrl: string, path: string): Promise<void> {
  const response = await fetch(`${rpcUrl}/state`);
  if (!response.ok || response.body === null) throw await refused(response, path);
  const file = replaceFile(path);
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file.path));
    file.commit();
  } catch (error) {
    file.discard();
    throw isNoemaError(error) ? error : fileError("FILE_UNWRITABLE", path, error);
  }
}

async function refused(response: Response, path: string) {
  const text = (await response.text()).slice(0, 500);
  return devError("DEV_STATE_REFUSED", `${path}: ${sentenceOf(text)}`, { path, status: response.status });
}

/** What a node refuses with is JSON that has one. */
function sentenceOf(text: string): string {
  try {
    const { message, code } = JSON.parse(text) as { message: string; code: string };
    return `${message} (${code})`;
  } catch {
    return text;
  }
}
