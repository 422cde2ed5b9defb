/**
 * Why the certified hash covers the state root: the branch from `exec.stateRoot` up to hashTreeRoot(Header) (SSZ, sha256).
 * Fold it as root = index & 1 ? H(branch[i] ‖ root) : H(root ‖ branch[i]), index >>= 1, from the leaf to the last branch.
 */

import type { Header } from "@noema/consensus/types";
import { ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import { execType, headerType } from "@noema/core/types/header";

export type BranchProof = { leaf: Hash; index: number; branch: Hash[] };

type Fields = Record<string, { hashTreeRoot(value: unknown): Hash }>;

/** Siblings from leaf `at` to the root of the smallest full tree over `leaves`. */
function branchOf(leaves: readonly Hash[], at: number): Hash[] {
  const size = 2 ** Math.ceil(Math.log2(leaves.length));
  let level = Array.from({ length: size }, (_, i) => leaves[i] ?? ZERO_HASH);
  const branch: Hash[] = [];
  for (let i = at; level.length > 1; i >>= 1) {
    branch.push(level[i ^ 1] as Hash);
    level = Array.from({ length: level.length / 2 }, (_, k) => sha256(level[2 * k] as Hash, level[2 * k + 1] as Hash));
  }
  return branch;
}

function fieldBranch(fields: Fields, value: Record<string, unknown>, name: string): { at: number; branch: Hash[] } {
  const at = Object.keys(fields).indexOf(name);
  const leaves = Object.entries(fields).map(([key, type]) => type.hashTreeRoot(value[key]));
  return { at, branch: branchOf(leaves, at) };
}

export function stateRootProof(header: Header): BranchProof {
  const inner = fieldBranch(execType.fields as unknown as Fields, header.exec, "stateRoot");
  const outer = fieldBranch(headerType.fields as unknown as Fields, header, "exec");
  return {
    leaf: header.exec.stateRoot,
    index: inner.at + outer.at * 2 ** inner.branch.length,
    branch: [...inner.branch, ...outer.branch],
  };
}
