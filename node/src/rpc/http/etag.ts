/**
 * Entity tags of RFC 9110 8.8.3. `own` is a strong one, with its quotes: an id, since it is of the bytes behind it, be they an object, a
 * file or a directory with all of its files. There is no Last-Modified: nothing here was ever otherwise.
 */
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { FastifyReply, FastifyRequest } from "fastify";

const TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** If-None-Match (13.1.2): `*`, or a list of which one is equal by the weak comparison. */
function matchesAny(header: string, own: string): boolean {
  return header.trim() === "*" || [...header.matchAll(TAG)].some(([, , tag]) => tag === own);
}

/** If-Range (13.1.5): equal by the strong comparison. A date never is: there is no time of a last change. */
export function matchesStrongly(header: string, own: string): boolean {
  return header.trim() === own;
}

export const etagOf = (id: Hash) => `"${to0x(id)}"`;

/** 304 where the client says that it has what `own` stands for; undefined: it has not. */
export function unchanged({ headers }: FastifyRequest, reply: FastifyReply, own: string): FastifyReply | undefined {
  const known = headers["if-none-match"];
  return known !== undefined && matchesAny(known, own) ? reply.code(304).header("etag", own).send() : undefined;
}
