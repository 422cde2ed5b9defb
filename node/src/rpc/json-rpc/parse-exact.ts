/** JSON whose whole numbers from 2^53 on are bigints, as `cast rpc` writes a balance in wei; JSON.parse alone rounds them. */

/** A reviver sees every number, and costs seconds for a large body: only short ones are read so, in the others such a number is refused. */
const MAX_LENGTH = 65_536;
/** Sixteen digits that may be a number. */
const LONG = /[[,:\s][0-9]{16}/;
const WHOLE = /^[0-9]{1,78}$/;

/** ECMAScript's "JSON.parse source text access", which TypeScript has no types of yet. */
type Reviver = (key: string, value: unknown, context: { source: string }) => unknown;
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

/** `id` stays a number, which request-id.ts looks after. Throws SyntaxError. */
export function parseExact(text: string): unknown {
  return text.length <= MAX_LENGTH && LONG.test(text) ? parse(text, exact) : parse(text);
}

function exact(key: string, value: unknown, { source }: { source: string }): unknown {
  const isRounded = typeof value === "number" && !Number.isSafeInteger(value) && key !== "id" && WHOLE.test(source);
  return isRounded ? BigInt(source) : value;
}
