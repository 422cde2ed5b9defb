/** A connection that answers come back on. `id` is that of the request, or of the first of a batch. */
export type Connection = {
  send(request: Uint8Array, id: number, answered: (body: Buffer) => void): void;
  close(): void;
};

/** What a request is written as on a connection. */
export type Wire = {
  frame(body: string | Uint8Array): Buffer;
  /** `failed` hears once why nothing comes any more. Rejects with the system's error where nothing answers, with BENCH_TARGET_FAILED for what answers otherwise. */
  connect(failed: (reason: string) => void): Promise<Connection>;
};
