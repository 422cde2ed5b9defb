/**
 * Outside vectors: archives that are not part of the repository, in the folder named by NOEMA_CONFORMANCE (default
 * ../shared/conformance beside the repository). Unpacked once into .cache/conformance, which git ignores.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const said = new Set<string>();

/** Folder with the unpacked content of `<archive>.tar.xz`; undefined, with one line on stderr, where it is absent: the caller skips. */
export function conformanceDir(archive: string): string | undefined {
  const folder = resolve(repository, process.env.NOEMA_CONFORMANCE ?? "../shared/conformance");
  const file = join(folder, `${archive}.tar.xz`);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return absent(file);
  const cache = join(repository, ".cache", "conformance");
  const target = join(cache, `${archive}-${stat.size}-${Math.floor(stat.mtimeMs)}`);
  if (!existsSync(target)) unpack(file, cache, target);
  return target;
}

function absent(file: string): undefined {
  if (!said.has(file)) process.stderr.write(`no outside vectors at ${file}: their cases are skipped\n`);
  said.add(file);
  return undefined;
}

/** Test files run in several processes: each unpacks beside, the first rename wins. */
function unpack(file: string, cache: string, target: string): void {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, "unpack-"));
  try {
    execFileSync("tar", ["xJf", file, "-C", fresh, "--strip-components=1"]);
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}
