/** Hardhat's build-info: what solc was given and gave. */
import type { Abi } from "viem";
import { type CompiledContract, codeOf, type RawCode, type Source } from "./compiled.ts";

type Contract = { abi?: Abi; evm?: { bytecode?: RawCode; deployedBytecode?: RawCode } };
type Output = { sources?: Record<string, { id: number }>; contracts?: Record<string, Record<string, Contract>> };
type BuildInfo = {
  input?: { sources?: Record<string, { content?: string }> };
  output?: Output;
  /** Hardhat 3: what a person calls a source, and what solc was told that it is called. */
  userSourceNameMap?: Record<string, string>;
};

/** `beside`: Hardhat 3's file of the output. */
export function readBuildInfo(file: unknown, beside: unknown): CompiledContract[] {
  const { input, output: own, userSourceNameMap = {} } = (file ?? {}) as BuildInfo;
  const output = own ?? (beside as { output?: Output } | undefined)?.output;
  if (input?.sources === undefined || output?.contracts === undefined) return [];
  const names = new Map(Object.entries(userSourceNameMap).map(([user, solc]) => [solc, user]));
  const sources = new Map<number, Source>();
  for (const [path, { id }] of Object.entries(output.sources ?? {})) {
    const content = input.sources[path]?.content;
    if (content !== undefined) sources.set(id, { path: names.get(path) ?? path, content });
  }
  return Object.values(output.contracts).flatMap((contracts) =>
    Object.entries(contracts).map(([name, { abi = [], evm }]) => ({
      name,
      abi,
      creation: codeOf(evm?.bytecode),
      deployed: codeOf(evm?.deployedBytecode),
      sources,
    })),
  );
}
