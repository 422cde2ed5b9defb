/** A moment that is known to lie between two others. */
export type Span = readonly [from: number, to: number];

export const within = ([from, to]: Span, value: number): boolean => from <= value && value <= to;
export const plus = (a: Span, b: Span): Span => [a[0] + b[0], a[1] + b[1]];
export const minus = (a: Span, b: Span): Span => [a[0] - b[1], a[1] - b[0]];

/** What it gives, and between which moments of the wall's clock that was. */
export async function timed<T>(run: () => Promise<T>): Promise<{ value: T; wall: Span }> {
  const from = Date.now();
  const value = await run();
  return { value, wall: [from, Date.now()] };
}
