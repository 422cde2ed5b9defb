/** What JSON says, held to the types that are expected of it. Each throws CONVERT_SOURCE_INVALID. */
import { fail } from "../errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

const wrong = (what: string, expected: string): never => fail("CONVERT_SOURCE_INVALID", `${what}: ${expected} is expected`);

export const isFields = (x: unknown): x is Fields => typeof x === "object" && x !== null && !Array.isArray(x);
export const fieldsOf = (x: unknown, what: string): Fields => (isFields(x) ? x : wrong(what, "an object"));
export const listOf = (x: unknown, what: string): readonly unknown[] => (Array.isArray(x) ? x : wrong(what, "a list"));
export const textOf = (x: unknown, what: string): string => (typeof x === "string" ? x : wrong(what, "text"));
export const numberOf = (x: unknown, what: string): number => (typeof x === "number" && Number.isFinite(x) ? x : wrong(what, "a number"));
export const numbersOf = (x: unknown, what: string): number[] => listOf(x, what).map((each) => numberOf(each, what));

/** Shapes leave open dimensions null, or -1. */
export const dimensionsOf = (x: unknown, what: string): number[] =>
  listOf(x, what).map((each) => (each === null ? -1 : numberOf(each, what)));
