/**
 * The contracts of a project, from what its tool left: Hardhat's `artifacts` (build-info of versions 2 and 3) or Foundry's `out`. A folder that
 * holds either is taken as well.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isNoemaError } from "@noema/core/errors";
import { readJson } from "@noema/node/files/read-json";
import { devError } from "../errors.ts";
import type { CompiledContract } from "./compiled.ts";
import { readFoundryOut } from "./foundry.ts";
import { readBuildInfo } from "./hardhat.ts";

/** Of all its files together; large projects have some hundred MB. */
const MAX_BYTES = 1 << 30;
const MAX_FILES = 50_000;

/** Throws DEV_ARTIFACTS_INVALID. */
export function readArtifacts(folder: string): CompiledContract[] {
  const buildInfo = [join(folder, "artifacts", "build-info"), join(folder, "build-info")].find((x) => isHardhats(x));
  const found = buildInfo === undefined ? foundry(folder) : hardhat(buildInfo);
  if (found.length > 0) return found;
  throw devError("DEV_ARTIFACTS_INVALID", `${folder} holds neither Hardhat's build-info nor Foundry's artifacts with source maps`, { folder });
}

function isHardhats(folder: string): boolean {
  return filesBelow(folder, false).some((file) => (readSafely(file) as { input?: unknown } | undefined)?.input !== undefined);
}

/** Hardhat 3 writes the output beside the input, in a file of its own. */
function hardhat(folder: string): CompiledContract[] {
  return filesBelow(folder, false)
    .filter((file) => !file.endsWith(".output.json"))
    .flatMap((file) => {
      const beside = file.replace(/\.json$/, ".output.json");
      return readBuildInfo(readSafely(file), existsSync(beside) ? readSafely(beside) : undefined);
    });
}

function foundry(folder: string): CompiledContract[] {
  const out = existsSync(join(folder, "out")) ? join(folder, "out") : folder;
  const artifacts = filesBelow(out, true)
    .filter((file) => basename(dirname(file)).endsWith(".sol"))
    .map((file) => ({ name: basename(file, ".json").split(".")[0] as string, artifact: readSafely(file) }));
  return readFoundryOut(artifacts, dirname(out));
}

function filesBelow(folder: string, deep: boolean): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  const files = readdirSync(folder, { recursive: deep, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (files.length <= MAX_FILES && bytes <= MAX_BYTES) return files;
  throw devError("DEV_ARTIFACTS_INVALID", `${folder} holds ${files.length} files of ${bytes} bytes`, { folder, files: files.length, bytes });
}

/** What is no JSON is another's. */
function readSafely(file: string): unknown {
  try {
    return readJson(file);
  } catch (error) {
    if (isNoemaError(error)) return undefined;
    throw error;
  }
}
