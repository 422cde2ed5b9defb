/** Deeper than any request: EIP-712 values are the deepest. */
export const MAX_NESTING = 128;

/** Whether JSON text nests deeper than MAX_NESTING. JSON.parse needs over a second for 5 MB of brackets; this scan some ms. */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 0x5c) i++;
      else if (c === 0x22) quoted = false;
    } else if (c === 0x22) quoted = true;
    else if (c === 0x5b || c === 0x7b) {
      if (++depth > MAX_NESTING) return true;
    } else if (c === 0x5d || c === 0x7d) depth--;
  }
  return false;
}
