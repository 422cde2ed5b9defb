/**
 * Which pages may ask. A page of this machine may do what a program of it may, as with anvil; every other Origin is foreign, `null`
 * (a sandboxed frame, a file) among them, and gets nothing unless the operator's list names it. To be named is to read and to send
 * what the page's user has signed; signing with the node's accounts and publishing need `+sign`, which no wildcard can have.
 */
import { coreError } from "@noema/core/errors";
import { isLoopback } from "./hosts.ts";

export type Access = "all" | "unsigned" | "none";
/** From an origin, `*` or `null` to whether it may sign. */
export type OriginList = ReadonlyMap<string, boolean>;

const SIGN = "+sign";
/** Anybody's page can be of these. */
const ANYBODY = ["*", "null"];
/**
 * A wallet's background page, which asks what its user confirmed. No site can have such an origin, and an extension with the
 * permission to ask could leave the header out.
 */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\/[\w.-]+$/;
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+$/;

/** Of http and https: what has nothing but scheme, host and port. */
export function pageUrl(origin: string): URL | undefined {
  if (!/^https?:\/\/[^\s/\\?#@+]+\/?$/i.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin);
}

/** As browsers send it; undefined for what is no origin. */
function canonical(text: string): string | undefined {
  if (ANYBODY.includes(text)) return text;
  return pageUrl(text)?.origin ?? (OTHER_SCHEME.test(text) && !/^https?:/.test(text) ? text : undefined);
}

/** Throws ARGUMENT_INVALID. */
export function parseOrigins(list: readonly string[]): OriginList {
  const origins = new Map<string, boolean>();
  for (const text of list) {
    const signs = text.endsWith(SIGN);
    const origin = canonical(signs ? text.slice(0, -SIGN.length) : text);
    if (origin === undefined || (signs && ANYBODY.includes(origin)))
      throw coreError("ARGUMENT_INVALID", `origins like https://app.example, https://app.example${SIGN} or * are expected`, { text });
    origins.set(origin, signs || origins.get(origin) === true);
  }
  return origins;
}

export function accessOf(origin: string, list: OriginList): Access {
  const url = pageUrl(origin);
  if (url !== undefined && isLoopback(url)) return "all";
  const signs = list.get(url?.origin ?? origin);
  if (signs === true) return "all";
  return signs === false || list.has("*") || EXTENSION.test(origin) ? "unsigned" : "none";
}
