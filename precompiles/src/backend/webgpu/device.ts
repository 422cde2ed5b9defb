/** A GPU through the package `webgpu` (Dawn), which is installed apart: it brings 132 MB for all platforms. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fail } from "../../errors.ts";
import type { Gpu, GpuAdapter, GpuDevice } from "./api.ts";

export interface OpenGpu {
  device: GpuDevice;
  /** As the driver says it. */
  name: string;
  /** Of a storage buffer, bytes. */
  mostBytes: number;
}

/** What the kernels are written for. */
const FEATURE = "packed_4x8_integer_dot_product";
/** More is not asked for: addresses are int32 words, and a batch need not be larger. */
const MOST_BYTES = 2 ** 30;

type WebgpuPackage = { create(flags: readonly string[]): Gpu };

/** Dawn's objects: what JavaScript collects while native code still uses it ends the process. */
const pinned = globalThis as { noemaGpu?: unknown[] };

/** `folder`: in whose node_modules the package is. Throws BACKEND_UNAVAILABLE with what is missing. */
export async function openGpu(folder: string): Promise<OpenGpu> {
  const gpu = (await importWebgpu(folder)).create([]);
  if (!gpu.wgslLanguageFeatures.has(FEATURE)) unavailable(`this build of webgpu has no ${FEATURE}`);
  const adapter =
    (await gpu.requestAdapter({ powerPreference: "high-performance" })) ?? unavailable("no GPU was found: is a Vulkan driver installed?");
  const mostBytes = Math.min(MOST_BYTES, adapter.limits.maxStorageBufferBindingSize!, adapter.limits.maxBufferSize!);
  const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize: mostBytes, maxBufferSize: mostBytes } });
  pinned.noemaGpu = [...(pinned.noemaGpu ?? []), gpu, adapter, device];
  return { device, name: nameOf(adapter), mostBytes };
}

function nameOf({ info }: GpuAdapter): string {
  return [info.vendor, info.device, info.description].filter(Boolean).join(", ");
}

async function importWebgpu(folder: string): Promise<WebgpuPackage> {
  const from = createRequire(join(resolve(folder), "package.json"));
  if (!existsSync(join(folder, "node_modules", "webgpu")))
    unavailable(`the package webgpu is not in ${folder}: \`npm run noema -- gpu install\` puts it there`);
  try {
    return (await import(pathToFileURL(from.resolve("webgpu")).href)) as WebgpuPackage;
  } catch (error) {
    return unavailable(`the package webgpu cannot be loaded: ${(error as Error).message.split("\n")[0]}`);
  }
}

function unavailable(why: string): never {
  return fail("BACKEND_UNAVAILABLE", `back end webgpu: ${why}`, { name: "webgpu" });
}
