/** Keys and secrets never reach a log line: members with such names are replaced, at any depth up to MAX_DEPTH. */

const SECRET = /(private|secret)_?key|mnemonic|password|passphrase|keystore|^seed$|^sk$/i;
const MAX_DEPTH = 4;
const MAX_BYTES_SHOWN = 64;

/** A copy that JSON can hold: bytes as hex, bigints as decimal text, errors as code, message and stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return shownBytes(value);
  if (value instanceof Error) return errorFields(value, depth);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (Array.isArray(value)) return value.map((x) => redact(x, depth + 1));
  const out: Record<string, unknown> = {};
  for (const [key, x] of Object.entries(value)) out[key] = SECRET.test(key) ? "[secret]" : redact(x, depth + 1);
  return out;
}

function shownBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, MAX_BYTES_SHOWN)).toString("hex");
  return bytes.length > MAX_BYTES_SHOWN ? `0x${hex}... (${bytes.length} bytes)` : `0x${hex}`;
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const { code, data } = error as { code?: unknown; data?: unknown };
  const fields: Record<string, unknown> = { message: error.message, stack: error.stack };
  if (code !== undefined) fields.code = code;
  if (data !== undefined) fields.data = redact(data, depth + 1);
  if (error.cause !== undefined && depth < MAX_DEPTH) fields.cause = redact(error.cause, depth + 1);
  return fields;
}
