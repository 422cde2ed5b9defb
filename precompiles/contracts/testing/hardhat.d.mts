type Hex = `0x${string}`;

/** What `noema model run --record` writes. */
export interface Recording {
  readonly model: Hex;
  readonly info: Hex;
  readonly inputs: readonly Hex[];
  readonly outputs: readonly Hex[];
}

interface Provider {
  request(args: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** Throws where the simulator does not store an answer. */
export function installRecording(provider: Provider, recording: Recording): Promise<void>;
