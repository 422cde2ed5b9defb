/**
 * A request's id goes back as it came (JSON-RPC 2.0, section 5), but JSON.parse rounds numbers from 2^53 on and loses how they
 * were written. A reviver would see the text of every number and cost seconds for a large body, so the ids' text is looked up.
 */

/** ECMAScript's "JSON.parse source text access", which TypeScript has no types of yet. JSON.stringify writes the text as it is. */
type RawNumber = { readonly rawJSON: string };
const { rawJSON, isRawJSON } = JSON as unknown as { rawJSON(text: string): RawNumber; isRawJSON(value: unknown): value is RawNumber };

const MAX_ID_LENGTH = 256;

export type RequestId = string | number | RawNumber | null;

/** undefined: none, or none that JSON-RPC allows. */
export function idOf(request: unknown): RequestId | undefined {
  if (typeof request !== "object" || request === null) return undefined;
  const id = (request as { id?: unknown }).id;
  if (isRawJSON(id)) return id.rawJSON.length <= MAX_ID_LENGTH ? id : undefined;
  if (id === null || typeof id === "number") return id;
  return typeof id === "string" && id.length <= MAX_ID_LENGTH ? id : undefined;
}

/** `parsed` is JSON.parse of `text`, which may be a batch. Ids that JSON.stringify would write otherwise become raw numbers. */
export function keepIds(parsed: unknown, text: string): unknown {
  const requests = Array.isArray(parsed) ? parsed : [parsed];
  if (!requests.some((x) => typeof x?.id === "number")) return parsed;
  for (const [i, id] of numericIds(text, Array.isArray(parsed) ? 2 : 1)) {
    const request = requests[i];
    if (typeof request?.id === "number" && id !== JSON.stringify(request.id)) request.id = rawJSON(id);
  }
  return parsed;
}

const NUMBER = /[-+.eE0-9]+/y;
const KEY_END = /[ \t\n\r]*:[ \t\n\r]*/y;

/** By the request's place in the batch, the text of each number that is a member "id" at depth `level` of valid JSON; the last of a name counts. */
function numericIds(text: string, level: number): Map<number, string> {
  const ids = new Map<number, string>();
  let depth = 0;
  let request = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      const end = stringEnd(text, i);
      const value = depth === level ? memberValue(text, end) : undefined;
      if (value !== undefined && isId(text.slice(i, end))) {
        NUMBER.lastIndex = value;
        const number = NUMBER.exec(text);
        if (number !== null) ids.set(request, number[0]);
      }
      i = end - 1;
    } else if (c === 0x7b || c === 0x5b) depth++;
    else if (c === 0x7d || c === 0x5d) depth--;
    else if (c === 0x2c && depth === level - 1) request++;
  }
  return ids;
}

/** One past the closing quote. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5c) i++;
    else if (c === 0x22) return i + 1;
  }
}

/** Where the value begins when the string that ends here is a member's name. */
function memberValue(text: string, at: number): number | undefined {
  KEY_END.lastIndex = at;
  return KEY_END.test(text) ? KEY_END.lastIndex : undefined;
}

/** `\u0069d` is the same name. */
function isId(quoted: string): boolean {
  return quoted === '"id"' || (quoted.includes("\\") && quoted.length <= 14 && JSON.parse(quoted) === "id");
}
