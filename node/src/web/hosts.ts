/**
 * Which `Host` a request may carry. A page whose own name was pointed at this machine (DNS rebinding) is of the same origin as the
 * node to its browser, and no Origin gives it away: only the name does. An address cannot be pointed elsewhere, and browsers
 * resolve `localhost` and what ends in it themselves (RFC 6761, section 6.3).
 */
import { isIP, isIPv6 } from "node:net";
import { coreError } from "@noema/core/errors";

export type HostRules = {
  /** The address or name that the server listens on. */
  bound: string;
  /** Further names, of a proxy or a container. */
  named: readonly string[];
};

const EVERY_ADDRESS = ["0.0.0.0", "[::]"];

/** A Host header as its URL would have it; undefined for what is none. */
export function hostUrl(header: string): URL | undefined {
  if (!/^[^\s/\\?#@]+$/.test(header) || !URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`);
}

const nameOf = (url: URL) => url.hostname.replace(/\.$/, "");
const canonical = (host: string) => {
  const url = hostUrl(isIPv6(host) ? `[${host}]` : host);
  return url && nameOf(url);
};

export function isLoopback(url: URL): boolean {
  const name = nameOf(url);
  return name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

const isAddress = (name: string) => name.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(name);

/** Without the header (HTTP/1.0) no browser asks. */
export function isOwnHost(header: string | undefined, { bound, named }: HostRules): boolean {
  if (header === undefined || header === "") return true;
  const url = hostUrl(header);
  if (url === undefined) return false;
  if (isLoopback(url)) return true;
  const [name, own] = [nameOf(url), canonical(bound)];
  if (own !== undefined && EVERY_ADDRESS.includes(own) && isAddress(name)) return true;
  return name === own || named.some((x) => canonical(x) === name);
}

/** Throws ARGUMENT_INVALID. */
export function parseHosts(list: readonly string[]): readonly string[] {
  const wrong = list.find((text) => isIP(text) === 0 && !/^[\w-][\w.-]*$/.test(text));
  if (wrong !== undefined)
    throw coreError("ARGUMENT_INVALID", "host names like node.example.com, without a port, are expected", { text: wrong });
  return list;
}
