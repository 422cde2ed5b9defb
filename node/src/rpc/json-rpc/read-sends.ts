/**
 * A body that holds nothing but eth_sendRawTransaction, in the form that clients write, read in one pass from bytes to bytes: most of what
 * a node under load is sent, and five times cheaper than by way of strings. Whatever differs in the least is undefined, and read as JSON.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Call } from "./request.ts";

const METHOD = "eth_sendRawTransaction";
const MEMBERS = ["jsonrpc", "id", "method", "params"] as const;
const bytesOf = (text: string) => Buffer.from(text, "latin1");
const NAMES = MEMBERS.map((name) => bytesOf(`"${name}"`));
const VERSION = bytesOf('"2.0"');
const QUOTED_METHOD = bytesOf(`"${METHOD}"`);
const DATA_BEGIN = bytesOf('"0x');
const code = (character: string) => character.charCodeAt(0);
const [QUOTE, COMMA, COLON, BACKSLASH, ZERO] = [code('"'), code(","), code(":"), code("\\"), code("0")];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [code("["), code("]"), code("{"), code("}")];
/** Of an id that is a number: exact, and written back as it came. */
const MAX_DIGITS = 15;
const MAX_ID_LENGTH = 256;

const NO_DIGIT = 255;
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, digit] of [..."0123456789abcdef"].entries()) DIGITS[code(digit)] = value;
for (const [value, digit] of [..."ABCDEF"].entries()) DIGITS[code(digit)] = 10 + value;

/** Thrown and caught here alone. */
const OTHER = Symbol("it is another body");

/** `params` of each: the transaction's bytes, views of one buffer. An array of calls where the body is one. */
export function readSends(body: Buffer, maxCalls: number): Call | Call[] | undefined {
  try {
    return new Reader(body).all(maxCalls);
  } catch (error) {
    if (error === OTHER) return undefined;
    throw error;
  }
}

class Reader {
  private at = 0;
  private readonly body: Buffer;
  private readonly raws: Bytes;
  private rawEnd = 0;

  constructor(body: Buffer) {
    this.body = body;
    this.raws = new Uint8Array(body.length >> 1);
  }

  all(maxCalls: number): Call | Call[] {
    const isBatch = this.peek() === OPEN_LIST;
    if (!isBatch) return this.ended(this.call());
    const calls: Call[] = [];
    do {
      this.at++; // the bracket, or a comma
      if (calls.push(this.call()) > maxCalls) throw OTHER;
    } while (this.peek() === COMMA);
    this.take(CLOSE_LIST);
    return this.ended(calls);
  }

  private ended<T>(value: T): T {
    if (this.peek() !== undefined) throw OTHER;
    return value;
  }

  /** Each member once. */
  private call(): Call {
    const call = { id: undefined, method: METHOD, params: [] } as { id: Call["id"]; method: string; params: unknown[] };
    let seen = 0;
    this.take(OPEN);
    for (let i = 0; i < MEMBERS.length; i++) {
      if (i > 0) this.take(COMMA);
      const member = this.name();
      seen |= 1 << member;
      this.take(COLON);
      this.peek();
      if (member === 0) this.literal(VERSION);
      else if (member === 1) call.id = this.id();
      else if (member === 2) this.literal(QUOTED_METHOD);
      else call.params = this.params();
    }
    this.take(CLOSE);
    if (seen !== 0b1111) throw OTHER;
    return call;
  }

  private name(): number {
    this.peek();
    const second = this.body[this.at + 1];
    const member = NAMES.findIndex((name) => name[1] === second);
    if (member < 0) throw OTHER;
    this.literal(NAMES[member] as Buffer);
    return member;
  }

  private id(): string | number {
    const from = this.at;
    if (this.body[from] !== QUOTE) return this.integer();
    const end = this.body.indexOf(QUOTE, from + 1);
    if (end < 0 || end - from > MAX_ID_LENGTH) throw OTHER;
    for (let i = from + 1; i < end; i++) {
      const c = this.body[i] as number;
      if (c < 0x20 || c > 0x7e || c === BACKSLASH) throw OTHER;
    }
    this.at = end + 1;
    return this.body.toString("latin1", from + 1, end);
  }

  private integer(): number {
    let value = 0;
    const from = this.at;
    for (;;) {
      const digit = (this.body[this.at] as number) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      this.at++;
    }
    const length = this.at - from;
    const [first, next] = [this.body[from], this.peek()];
    if (length === 0 || length > MAX_DIGITS || (length > 1 && first === ZERO) || (next !== COMMA && next !== CLOSE)) throw OTHER;
    return value;
  }

  private params(): [Bytes] {
    this.take(OPEN_LIST);
    this.peek();
    this.literal(DATA_BEGIN);
    const raw = this.hex();
    this.take(CLOSE_LIST);
    return [raw];
  }

  /** Up to a quote, which is passed. */
  private hex(): Bytes {
    const { body, raws, rawEnd, at } = this;
    const end = body.indexOf(QUOTE, at);
    if (end <= at || ((end - at) & 1) === 1) throw OTHER;
    let to = rawEnd;
    let wrong = 0;
    for (let i = at; i < end; i += 2) {
      const [high, low] = [DIGITS[body[i] as number] as number, DIGITS[body[i + 1] as number] as number];
      wrong |= high | low;
      raws[to++] = (high << 4) | low;
    }
    if (wrong > 15) throw OTHER;
    this.at = end + 1;
    this.rawEnd = to;
    return raws.subarray(rawEnd, to);
  }

  private literal(expected: Buffer): void {
    const { body, at } = this;
    for (let i = 0; i < expected.length; i++) if (body[at + i] !== expected[i]) throw OTHER;
    this.at = at + expected.length;
  }

  private take(byte: number): void {
    if (this.peek() !== byte) throw OTHER;
    this.at++;
  }

  /** What comes behind white space; undefined: nothing. */
  private peek(): number | undefined {
    for (;;) {
      const c = this.body[this.at];
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return c;
      this.at++;
    }
  }
}
