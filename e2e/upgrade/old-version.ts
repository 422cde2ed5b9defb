/** The program as issue 13 found it, made of the history of this clone: sources by `git archive`, packages of this clone where its lock asks for no others. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** By its tag, or where that is not here by its commit. */
const NAMES = ["v0.1.0", "6b219053"];
const MAX_ARCHIVE_BYTES = 1 << 29;

export type OldVersion = { commit: string; launcher: string; remove(): void };

/** The commit; undefined where this clone's history does not reach it. */
export function oldCommit(names: readonly string[] = NAMES): string | undefined {
  for (const name of names) {
    try {
      return git("rev-parse", "--verify", "--quiet", `${name}^{commit}`).toString().trim();
    } catch {
      // the next one
    }
  }
  return undefined;
}

export function unpackVersion(commit: string): OldVersion {
  const folder = mkdtempSync(join(tmpdir(), "noema-old-"));
  execFileSync("tar", ["-x", "-C", folder], { input: git("archive", "--format=tar", commit) });
  if (hasItsPackages(folder)) linkPackages(folder);
  else execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: "ignore" });
  return {
    commit,
    launcher: join(folder, "bin", "noema.mjs"),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function git(...args: string[]): Buffer {
  return execFileSync("git", args, { cwd: ROOT, maxBuffer: MAX_ARCHIVE_BYTES, stdio: ["ignore", "pipe", "ignore"] });
}

type Lock = { packages: Record<string, { integrity?: string; optional?: boolean; dev?: boolean }> };
const lockIn = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as Lock).packages;

/** Each package that it runs with is installed here as its lock says. */
function hasItsPackages(folder: string): boolean {
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const here = lockIn(installed);
  return Object.entries(lockIn(join(folder, "package-lock.json"))).every(
    ([name, { integrity, optional, dev }]) =>
      integrity === undefined || here[name]?.integrity === integrity || (here[name] === undefined && (optional || dev)),
  );
}

/** All but its own packages, which are its sources. */
function linkPackages(folder: string): void {
  const [ours, theirs] = [join(ROOT, "node_modules"), join(folder, "node_modules")];
  mkdirSync(join(theirs, "@noema"), { recursive: true });
  for (const name of readdirSync(ours)) if (name !== "@noema" && !name.startsWith(".")) symlinkSync(join(ours, name), join(theirs, name));
  for (const name of readdirSync(join(ours, "@noema"))) symlinkSync(join("..", "..", name), join(theirs, "@noema", name));
}
