/** The host of a URL for who listens on `host`: on all addresses means on the local one too, and IPv6 stands in brackets (RFC 3986). */
export function urlHost(host: string): string {
  const local = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return local.includes(":") ? `[${local}]` : local;
}
