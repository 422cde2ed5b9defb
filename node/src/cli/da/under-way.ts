/** How far the objects are that are on their way, in words. */

/** Of the answer to a PUT (rpc/http/da-put.ts). */
export type Step = { state: string; done?: number; id?: string; height?: number | null };

const WORDS: Readonly<Record<string, (done: number) => string>> = {
  encoded: () => "rows encoded",
  dispersed: (done) => `${percent(done)} of stake has its rows`,
  signed: (done) => `${percent(done)} of stake signed`,
  certified: () => "certified",
};

const percent = (done: number) => `${Math.floor(100 * done)} %`;

/** `steps`: the newest of each object, the oldest object first; undefined: no step has been told yet. Empty for none. */
export function describeUnderWay(steps: Iterable<Step | undefined>): string {
  return [...steps].map((step) => WORDS[step?.state ?? ""]?.(step?.done ?? 0) ?? "rows being encoded").join("; ");
}
