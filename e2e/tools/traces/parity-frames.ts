/** Frames of trace_* without calls of precompiles, which Parity did not list and anvil does. */
export type ParityFrame = { type: string; action: { to?: string; callType?: string }; subtraces: number; traceAddress: number[] };

export function withoutPrecompiles(frames: readonly ParityFrame[]): ParityFrame[] {
  const key = (address: readonly number[]) => address.join(".");
  const places = new Map<string, number[]>([["", []]]);
  const children = new Map<string, number>();
  return frames
    .flatMap((frame) => {
      if (isPrecompile(frame.action.to)) return [];
      const parent = frame.traceAddress.slice(0, -1);
      const above = places.get(key(parent)) ?? [];
      const at = children.get(key(parent)) ?? 0;
      const place = frame.traceAddress.length === 0 ? [] : [...above, at];
      if (frame.traceAddress.length > 0) children.set(key(parent), at + 1);
      places.set(key(frame.traceAddress), place);
      return [{ frame, place }];
    })
    .map(({ frame, place }) => ({ ...frame, traceAddress: place, subtraces: children.get(key(frame.traceAddress)) ?? 0 }));
}

/** 0x01 to 0x11, and P256VERIFY at 0x0100. */
export function isPrecompile(address: string | null | undefined): boolean {
  return /^0x0{36}(0100|00(0[1-9a-f]|1[01]))$/.test(address ?? "");
}
