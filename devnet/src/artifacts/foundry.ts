/** Foundry's artifacts: one a contract, whose source maps count the sources of the whole compilation; which is which says each of its own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readText } from "@noema/node/files/read-json";
import type { Abi } from "viem";
import { type CompiledContract, codeOf, type RawCode, type Source } from "./compiled.ts";

type Artifact = {
  id?: number;
  abi?: Abi;
  bytecode?: RawCode;
  deployedBytecode?: RawCode;
  ast?: { absolutePath?: string };
  metadata?: { settings?: { compilationTarget?: Record<string, string> } };
};

/** @param root where sources lie */
export function readFoundryOut(files: readonly { name: string; artifact: unknown }[], root: string): CompiledContract[] {
  const artifacts = files.map(({ name, artifact }) => ({ name, artifact: (artifact ?? {}) as Artifact }));
  const sources = new Map<number, Source>();
  for (const { artifact } of artifacts) {
    const path = pathOf(artifact);
    if (artifact.id === undefined || path === undefined || sources.has(artifact.id)) continue;
    const file = join(root, path);
    if (existsSync(file)) sources.set(artifact.id, { path, content: readText(file) });
  }
  return artifacts
    .filter(({ artifact }) => Array.isArray(artifact.abi))
    .map(({ name, artifact: { abi = [], bytecode, deployedBytecode } }) => ({
      name,
      abi,
      creation: codeOf(bytecode),
      deployed: codeOf(deployedBytecode),
      sources,
    }));
}

function pathOf({ ast, metadata }: Artifact): string | undefined {
  return ast?.absolutePath ?? Object.keys(metadata?.settings?.compilationTarget ?? {})[0];
}
