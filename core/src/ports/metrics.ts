/** Few values of each: a series stays for every combination that was ever seen. */
export type Labels = Readonly<Record<string, string>>;

/** What is read at a scrape: one value, or one for each combination of labels. */
export type Reading = number | readonly { of: Labels; value: number }[];

/** Names are `noema_<area>_<thing>_<unit>`, in seconds and bytes, of counters with `_total` behind; one declaration a name. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): (by?: number, of?: Labels) => void;
  /** A counter that somebody else keeps: never less than at the scrape before. */
  total(name: string, help: string, read: () => Reading, labels?: readonly string[]): void;
  /** The value is read when metrics are scraped. */
  gauge(name: string, help: string, read: () => Reading, labels?: readonly string[]): void;
  histogram(name: string, help: string, buckets: readonly number[]): (value: number) => void;
}
