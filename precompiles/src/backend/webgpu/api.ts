/** The part of the WebGPU API that is used; neither lib es2024 nor @types/node declares it, and the package `webgpu` is optional. */
export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number, offset?: number, size?: number): Promise<void>;
  getMappedRange(offset?: number, size?: number): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object, dynamicOffsets: readonly number[]): void;
  dispatchWorkgroups(x: number, y: number): void;
  end(): void;
}

export interface GpuEncoder {
  beginComputePass(): GpuPass;
  copyBufferToBuffer(from: GpuBuffer, fromOffset: number, to: GpuBuffer, toOffset: number, bytes: number): void;
  finish(): object;
}

type Binding = { binding: number; resource: { buffer: GpuBuffer; size?: number } };
type LayoutEntry = { binding: number; visibility: number; buffer: { type: string; hasDynamicOffset?: boolean; minBindingSize?: number } };

export interface GpuDevice {
  readonly limits: Record<string, number>;
  readonly lost: Promise<{ reason: string; message: string }>;
  readonly queue: { submit(commands: readonly object[]): void; writeBuffer(to: GpuBuffer, offset: number, data: ArrayBufferView): void };
  createBuffer(descriptor: { size: number; usage: number; mappedAtCreation?: boolean }): GpuBuffer;
  createShaderModule(descriptor: { code: string }): object;
  createBindGroupLayout(descriptor: { entries: readonly LayoutEntry[] }): object;
  createPipelineLayout(descriptor: { bindGroupLayouts: readonly object[] }): object;
  createComputePipelineAsync(descriptor: { layout: object; compute: { module: object; entryPoint: string } }): Promise<GpuPipeline>;
  createBindGroup(descriptor: { layout: object; entries: readonly Binding[] }): object;
  createCommandEncoder(): GpuEncoder;
  destroy(): void;
}

export interface GpuAdapter {
  readonly info: { vendor: string; architecture: string; device: string; description: string };
  readonly limits: Record<string, number>;
  requestDevice(descriptor: { requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

export interface Gpu {
  readonly wgslLanguageFeatures: ReadonlySet<string>;
  requestAdapter(options?: { powerPreference: string }): Promise<GpuAdapter | null>;
}

/** Flags of the specification (GPUBufferUsage, GPUMapMode, GPUShaderStage). */
export const USAGE = { MAP_READ: 0x1, COPY_SRC: 0x4, COPY_DST: 0x8, UNIFORM: 0x40, STORAGE: 0x80 } as const;
export const MAP_READ = 1;
export const COMPUTE_STAGE = 4;
