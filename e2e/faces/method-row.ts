/** A method, how it is asked, and what it must answer. */
import { expect } from "vitest";

const HASH = /^0x[0-9a-f]{64}$/;
const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]*)$/;
export const ZERO = `0x${"0".repeat(64)}`;
export const ONE = `0x${"1".padStart(64, "0")}`;
export const MADE = `0x${"d0".repeat(20)}`;
export const [hash, quantity] = [expect.stringMatching(HASH), expect.stringMatching(QUANTITY)];
export const has = (members: object) => expect.objectContaining(members);

/** What has happened before anything is asked. `signed`: of the second account, ready to be sent, with its hash. */
export type Facts = {
  a: string;
  b: string;
  sent: string;
  raw: string;
  block: string;
  number: string;
  emitter: string;
  logged: string;
  filter: string;
  signed: { raw: string; hash: string }[];
};
export type Row = readonly [method: string, params: (f: Facts) => unknown[], answer: unknown | ((f: Facts) => unknown)];

export const none = () => [];
export const is = (pick: (f: Facts) => unknown) => pick;

/** An error of this code. */
export class Refused {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}
export const refused = (code: string) => new Refused(code);
