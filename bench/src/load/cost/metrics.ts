/** Counters that a node's Prometheus page shows. */

/** Sum of one counter over the pages; undefined where none of them has it. */
export async function sumCounter(urls: readonly string[], name: string): Promise<number | undefined> {
  const pages = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
  const values = pages.flatMap((text) => new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm").exec(text)?.[1] ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, x) => sum + Number(x), 0);
}
