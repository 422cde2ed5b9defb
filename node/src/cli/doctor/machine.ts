/** The machine: memory, processors, what inference runs on, files that a process may have open. */
import { readFileSync } from "node:fs";
import { availableParallelism, freemem, totalmem } from "node:os";
import { atLeast, type Finding, judged } from "./finding.ts";

const GB = 2 ** 30;
/** Sockets of 512 connections, segments of logs, stores. */
const [FILES, FEW_FILES] = [4096, 1024];

/** Node's `ulimit -n` is not told by Node: Linux says it. undefined: elsewhere. */
export function openFilesLimit(limits: string | undefined = readLimits()): number | undefined {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(limits ?? "") ?? [];
  if (soft === undefined) return undefined;
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}

function readLimits(): string | undefined {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return undefined;
  }
}

export function judgeFiles(limit = openFilesLimit()): Finding[] {
  if (limit === undefined) return [];
  const remedy = `Raise it: LimitNOFILE=${FILES} in the service's unit, or ulimit -n ${FILES} before the start.`;
  return [judged("open files", atLeast(limit, FILES, FEW_FILES), `a process may have ${limit} open`, remedy)];
}

export function judgeMemory(total = totalmem(), free = freemem()): Finding {
  const found = `${(total / GB).toFixed(1)} GB, ${(free / GB).toFixed(1)} GB of it free`;
  return judged(
    "memory",
    atLeast(total, 3.5 * GB, 1.9 * GB),
    found,
    "A node takes about 1 GB and the page cache the rest: use a machine with 4 GB.",
  );
}

export function judgeCores(cores = availableParallelism()): Finding {
  return judged("cores", atLeast(cores, 2, 1), `${cores}`, "Use a machine with two cores at least: execution has a thread of its own.");
}

/** A module whose one function makes a vector of sixteen bytes: valid where WebAssembly has SIMD. */
const SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** The part of the WebAssembly API that is used; neither lib es2024 nor @types/node declares it. */
const hasSimd = () => (globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } }).WebAssembly.validate(SIMD);

export function judgeSimd(valid = hasSimd(), info: string | undefined = readCpus()): Finding {
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(info ?? "")?.[1]?.split(" ") ?? [];
  const known = ["sse4_1", "ssse3", "avx2", "avx512f", "asimd"].filter((flag) => flags.includes(flag));
  const found = `${valid ? "WebAssembly has" : "WebAssembly lacks"} SIMD${known.length > 0 ? `; the processor has ${known.join(", ")}` : ""}`;
  return judged(
    "SIMD",
    valid ? "good" : "bad",
    found,
    "Inference needs SSE 4.1 or NEON: use another machine or another virtual processor.",
  );
}

function readCpus(): string | undefined {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return undefined;
  }
}
