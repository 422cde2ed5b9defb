/** Names are `noema_<area>_<thing>_<unit|total>`, in seconds and bytes; one declaration a name. */
export interface Metrics {
  counter(name: string, help: string): (by?: number) => void;
  /** The value is read when metrics are scraped. */
  gauge(name: string, help: string, read: () => number): void;
  histogram(name: string, help: string, buckets: readonly number[]): (value: number) => void;
}
