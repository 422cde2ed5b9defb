/** Opening and reading a bucket of rows, by its row log and as a log that is replayed (as it was before), over the same files in one process. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RowLog } from "@noema/da-layer/blob/row-store";
import { openFileLog } from "@noema/node/store/file-log";
import { openRowFolder } from "@noema/node/store/row-folder";

export type RowFilesOptions = { gigabytes: number; reads: number };

/** `fds`: descriptors more than before; `blockedMs`: the longest that the thread did nothing else. */
export type Opening = { ms: number; cpuMs: number; blockedMs: number; fds: number };
export type MeasuredFiles = { bytes: number; rows: number; indexed: Opening; scanned: Opening; readMs: number; readFds: number };

/** A record of da-layer's row-record.ts at N = 72. */
const RECORD_BYTES = 2 + 32 * 7 + 131_072;
/** Appended before each sync: a validator's share of an object of 32 rows, with four validators. */
const SHARE = 24;
const BUCKET = "rows-1";
const OWNER = { genesisHash: new Uint8Array(32), publicKey: new Uint8Array(48) };

/** Linux; elsewhere 0. */
function descriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

async function opening(open: () => Promise<unknown>): Promise<Opening> {
  let [last, blockedMs] = [performance.now(), 0];
  const turn = () => {
    blockedMs = Math.max(blockedMs, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(turn, 1);
  const fds = descriptors();
  await tick();
  blockedMs = 0;
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  await open();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const opened = descriptors();
  await tick(); // what was blocked is seen when the loop goes on
  clearInterval(timer);
  return { ms, cpuMs: (user + system) / 1000, blockedMs, fds: opened - fds };
}

async function write(log: RowLog, rows: number, onWritten: (rows: number) => void): Promise<number[]> {
  const record = new Uint8Array(RECORD_BYTES);
  const positions: number[] = [];
  while (positions.length < rows) {
    const share: number[] = [];
    for (let i = 0; i < Math.min(SHARE, rows - positions.length); i++) {
      new DataView(record.buffer).setUint32(2, positions.length + i);
      share.push(await log.append(record));
    }
    await log.sync(share);
    positions.push(...share);
    onWritten(positions.length);
  }
  return positions;
}

/** Throws when a row is not as it was written. */
async function read(log: RowLog, positions: readonly number[], count: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < count; i++) {
    const at = (i * 7919) % positions.length; // a prime: in no order of the files
    const record = await log.read(positions[at] as number);
    if (record === undefined || new DataView(record.buffer, record.byteOffset).getUint32(2) !== at)
      throw new Error(`row ${at} is another one`);
  }
  return performance.now() - started;
}

export async function measureRowFiles({ gigabytes, reads }: RowFilesOptions, onWritten: (bytes: number) => void): Promise<MeasuredFiles> {
  const folder = mkdtempSync(join(tmpdir(), "noema-row-files-"));
  try {
    const rows = Math.ceil((gigabytes * 1e9) / RECORD_BYTES);
    const writer = await openRowFolder(folder, OWNER).openRows(BUCKET, 0);
    const positions = await write(writer, rows, (written) => onWritten(written * RECORD_BYTES));
    await writer.close();
    const above = (positions.at(-1) as number) + 1;
    let log: RowLog | undefined;
    const indexed = await opening(async () => {
      log = await openRowFolder(folder, OWNER).openRows(BUCKET, above);
      await log.read(positions[0] as number);
    });
    const before = descriptors();
    const readMs = await read(log as RowLog, positions, reads);
    const readFds = descriptors() - before + indexed.fds;
    await log?.close();
    let scannedLog: { close(): Promise<void> } | undefined;
    const scanned = await opening(async () => {
      scannedLog = openFileLog(join(folder, BUCKET), OWNER, BUCKET, { maxRecordBytes: 1 << 20 });
    });
    await scannedLog?.close();
    return { bytes: rows * RECORD_BYTES, rows, indexed, scanned, readMs, readFds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
