import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

export type Machine = { cores: number; cpu: string; memoryGiB: number; platform: string; node: string; commit: string };

/** `checkout`: whose commit it is; without it, the one that we are in. */
export function machineNow(checkout?: string): Machine {
  const cores = cpus();
  return {
    cores: cores.length,
    cpu: cores[0]?.model.trim() ?? "unknown CPU",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    commit: commit(checkout),
  };
}

/** What every report says first: a figure without its machine and commit means nothing. */
export function describeMachine({ cores, cpu, memoryGiB, platform, node, commit }: Machine = machineNow()): string {
  return `${cores} x ${cpu}, ${memoryGiB} GiB, ${platform}, Node ${node}, commit ${commit}`;
}

function commit(cwd: string | undefined): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const hash = git("rev-parse", "--short", "HEAD").trim();
    const dirty = git("status", "--porcelain") !== "";
    return dirty ? `${hash} with changes` : hash;
  } catch {
    return "unknown";
  }
}
