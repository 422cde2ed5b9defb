/** Who asks over HTTP, by the headers that a page cannot choose: the one rule of every server of this process. */
import { type HostRules, hostUrl, isLoopback, isOwnHost } from "./hosts.ts";
import { accessOf, type OriginList, pageUrl } from "./origins.ts";

export type VisitorRules = HostRules & { origins: OriginList };
export type Visitor = {
  /** To be named in CORS headers; absent where no page asks. */
  origin?: string;
  /** Why it may neither sign with the node's accounts nor publish; absent: it may. */
  unsigned?: string;
};
export type Refusal = { code: "RPC_HOST_REFUSED" | "RPC_ORIGIN_REFUSED"; message: string };
/** As node:http gives them. */
export type VisitorHeaders = { readonly [name: string]: string | string[] | undefined };

export type Door = { visitor(method: string, headers: VisitorHeaders): Visitor | Refusal; origins: OriginList };

const MOST_SHOWN = 100;
/** Different refusals that are told: a page can call itself by as many names as it likes. */
const MOST_TOLD = 32;
const LISTS = "in its list of origins (--cors of a devnet, rpc.cors of a configuration)";

const shown = (text: string) => text.slice(0, MOST_SHOWN);
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(", ") : value);

function foreignHost(host: string): Refusal {
  const message = `this node is not known as ${shown(host)}: name it in its list of hosts (--hosts of a devnet, rpc.hosts of a configuration)`;
  return { code: "RPC_HOST_REFUSED", message };
}

function foreignPage(origin: string): Refusal {
  return { code: "RPC_ORIGIN_REFUSED", message: `pages of ${shown(origin)} may not ask this node unless it names them ${LISTS}` };
}

const unsigned = (who: string) =>
  `pages of ${shown(who)} may neither sign with this node's accounts nor publish unless it names them with +sign ${LISTS}`;

/** What the node served itself, to whatever of its names was asked; a proxy may have added TLS. */
function isOwnPage(origin: string, host: string | undefined): boolean {
  const page = pageUrl(origin);
  return page !== undefined && host !== undefined && page.host === hostUrl(host)?.host;
}

/** Nobody's page learns or does anything by it: a link that was followed, in a window of its own. */
function isVisit(method: string, headers: VisitorHeaders): boolean {
  return method === "GET" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

/** Browsers leave Origin out where a page cannot read the answer, but say from where the request comes (Fetch Metadata). */
function isHiddenPage(method: string, headers: VisitorHeaders, host: string | undefined): boolean {
  const site = one(headers["sec-fetch-site"]) ?? "none";
  if (site === "none" || site === "same-origin" || isVisit(method, headers)) return false;
  const url = host === undefined ? undefined : hostUrl(host);
  return !(site === "same-site" && url !== undefined && isLoopback(url)); // the same host at another port
}

export function visitorOf(method: string, headers: VisitorHeaders, rules: VisitorRules): Visitor | Refusal {
  const host = one(headers.host);
  if (!isOwnHost(host, rules)) return foreignHost(host ?? "");
  const origin = one(headers.origin) || undefined; // some proxies leave an empty one, which browsers never send
  if (origin === undefined) {
    if (!isHiddenPage(method, headers, host)) return {};
    return rules.origins.has("*") ? { unsigned: unsigned("other sites") } : foreignPage("other sites");
  }
  if (isOwnPage(origin, host)) return { origin };
  const access = accessOf(origin, rules.origins);
  if (access === "none") return foreignPage(origin);
  return access === "all" ? { origin } : { origin, unsigned: unsigned(origin) };
}

/** `told` hears of each refusal once: a page cannot read why it was refused, its maker can read the node's log. */
export function createDoor(rules: VisitorRules, told: (refusal: Refusal) => void): Door {
  const known = new Set<string>();
  return {
    origins: rules.origins,
    visitor(method, headers) {
      const visitor = visitorOf(method, headers, rules);
      if ("code" in visitor && known.size < MOST_TOLD && !known.has(visitor.message)) {
        known.add(visitor.message);
        told(visitor);
      }
      return visitor;
    },
  };
}
