import { readFileSync } from "node:fs";

/** Of NVIDIA's kernel module; WebGPU does not say it. */
export function driverVersion(): string | undefined {
  try {
    return readFileSync("/proc/driver/nvidia/version", "utf8").split("\n")[0]?.replace(/\s+/g, " ").trim();
  } catch {
    return undefined;
  }
}
