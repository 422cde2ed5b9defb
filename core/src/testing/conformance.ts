/**
 * Outside vectors: cases that nobody here wrote. A sample is committed (core/vectors) and always runs; where NOEMA_CONFORMANCE
 * names a folder with whole suites, they run as well: `<suite>.tar.xz`, unpacked once into .cache/conformance, or `<suite>/`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const repository = resolve(import.meta.dirname, "../../..");

export type Vectors = {
  source: "sample" | "whole suite";
  /** In order of their names; a `.gz` goes by the name of what it holds. */
  paths: readonly string[];
  read(path: string): string;
};

/** The committed sample, and the whole suite where there is one. */
export function outsideVectors(suite: string): Vectors[] {
  const folder = suiteFolder(suite);
  return folder === undefined ? [sample(suite)] : [sample(suite), wholeSuite(folder)];
}

export function sampleFile(suite: string): string {
  return join(repository, "core", "vectors", `${suite}.json.br`);
}

/** One JSON object, path to text, which no tool but Node has to unpack. */
function sample(suite: string): Vectors {
  const files = JSON.parse(brotliDecompressSync(readFileSync(sampleFile(suite))).toString()) as Record<string, string>;
  return { source: "sample", paths: Object.keys(files).sort(), read: (path) => files[path] as string };
}

export function wholeSuite(folder: string): Vectors {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((x) => x.isFile());
  const names = files.map((x) => join(x.parentPath, x.name).slice(folder.length + 1));
  return {
    source: "whole suite",
    paths: names.map((x) => x.replace(/\.gz$/, "")).sort(),
    read(path) {
      const file = join(folder, path);
      return existsSync(file) ? readFileSync(file, "utf8") : gunzipSync(readFileSync(`${file}.gz`)).toString();
    },
  };
}

/** Of the folder that NOEMA_CONFORMANCE names, if it has the suite. */
export function suiteFolder(suite: string): string | undefined {
  const folder = process.env.NOEMA_CONFORMANCE;
  if (folder === undefined) return undefined;
  const unpacked = resolve(repository, folder, suite);
  const archive = `${unpacked}.tar.xz`;
  if (!existsSync(archive)) return existsSync(unpacked) ? unpacked : undefined;
  const { size, mtimeMs } = statSync(archive);
  const cache = join(repository, ".cache", "conformance");
  const target = join(cache, `${suite}-${size}-${Math.floor(mtimeMs)}`);
  if (!existsSync(target)) unpack(archive, cache, target);
  return target;
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
