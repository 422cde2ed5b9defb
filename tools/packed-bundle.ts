/** The start-up bundle as npm's package has it. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { PACKED_BUNDLE } from "../bin/installation.mjs";
import { root } from "./walls.ts";

export function writePackedBundle(): void {
  rmSync(PACKED_BUNDLE, { recursive: true, force: true });
  execFileSync(process.execPath, [join(root, "bin", "build-bundle.mjs"), PACKED_BUNDLE], { stdio: "inherit" });
}
