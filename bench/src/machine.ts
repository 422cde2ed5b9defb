import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

/** What every report says first: a figure without its machine and commit means nothing. */
export function describeMachine(): string {
  const cores = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${cores.length} x ${cores[0]?.model ?? "unknown CPU"}, ${memory} GiB, ${process.platform}-${process.arch}, Node ${process.versions.node}, commit ${commit()}`;
}

function commit(): string {
  try {
    const hash = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const dirty = execFileSync("git", ["status", "--porcelain"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }) !== "";
    return dirty ? `${hash} with changes` : hash;
  } catch {
    return "unknown";
  }
}
