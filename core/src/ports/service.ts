/** Life cycle: `start` resolves when the service is usable; `stop` when it holds nothing any more. Each is called once. */
export interface Service {
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}
