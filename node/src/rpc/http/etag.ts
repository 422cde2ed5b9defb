/** Entity tags of RFC 9110 8.8.3. `own` is a strong one, with its quotes. */

const TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** If-None-Match (13.1.2): `*`, or a list of which one is equal by the weak comparison. */
export function matchesAny(header: string, own: string): boolean {
  return header.trim() === "*" || [...header.matchAll(TAG)].some(([, , tag]) => tag === own);
}

/** If-Range (13.1.5): equal by the strong comparison. A date never is: there is no time of a last change. */
export function matchesStrongly(header: string, own: string): boolean {
  return header.trim() === own;
}
