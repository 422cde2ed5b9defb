import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHosts } from "./hosts.ts";
import { parseOrigins } from "./origins.ts";
import { visitorOf } from "./visitor.ts";

const HOST = "localhost:8545";
const EVIL = "https://evil.example";

type Asked = { host?: string; origin?: string; bound?: string; hosts?: string[]; cors?: string[]; method?: string; fetch?: string[] };
/** "all", "unsigned", or the code of the refusal. */
function verdict({ host = HOST, origin, bound = "127.0.0.1", hosts = [], cors = [], method = "POST", fetch = [] }: Asked): string {
  const [site, mode, dest] = fetch;
  const headers = { host, origin, "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest };
  const visitor = visitorOf(method, headers, { bound, named: parseHosts(hosts), origins: parseOrigins(cors) });
  if ("code" in visitor) return visitor.code;
  return visitor.unsigned === undefined ? "all" : "unsigned";
}

const [HOST_REFUSED, ORIGIN_REFUSED] = ["RPC_HOST_REFUSED", "RPC_ORIGIN_REFUSED"];

describe("a program, which sends no Origin", () => {
  it.each<[string, Asked, string]>([
    ["localhost", { host: "localhost:8545" }, "all"],
    ["in capitals, rooted", { host: "LocalHost.:8545" }, "all"],
    ["a name below localhost", { host: "node.localhost" }, "all"],
    ["127.0.0.1", { host: "127.0.0.1:1" }, "all"],
    ["the rest of 127.0.0.0/8", { host: "127.9.8.7:8545" }, "all"],
    ["an address in another notation", { host: "2130706433:8545" }, "all"],
    ["[::1]", { host: "[::1]:8545" }, "all"],
    ["no Host, as HTTP/1.0 may", { host: "" }, "all"],
    ["a name that was pointed here", { host: "evil.example:8545" }, HOST_REFUSED],
    ["a name that begins like ours", { host: "localhost.evil.example" }, HOST_REFUSED],
    ["a name that ends like ours", { host: "evillocalhost" }, HOST_REFUSED],
    ["a name that looks like an address", { host: "127.0.0.1.evil.example" }, HOST_REFUSED],
    ["a user before ours", { host: "evil.example@localhost" }, HOST_REFUSED],
    ["a path behind ours", { host: "localhost/evil" }, HOST_REFUSED],
    ["two", { host: "localhost, evil.example" }, HOST_REFUSED],
    ["none that is one", { host: "[::1" }, HOST_REFUSED],
    ["an address of the network, bound to loopback", { host: "192.168.1.5:8545" }, HOST_REFUSED],
    ["the same, bound to every address", { host: "192.168.1.5:8545", bound: "0.0.0.0" }, "all"],
    ["IPv6, bound to every address", { host: "[2001:db8::5]:8545", bound: "::" }, "all"],
    ["a name, bound to every address", { host: "evil.example:8545", bound: "0.0.0.0" }, HOST_REFUSED],
    ["the bound address", { host: "192.168.1.5:8545", bound: "192.168.1.5" }, "all"],
    ["another than the bound one", { host: "192.168.1.6:8545", bound: "192.168.1.5" }, HOST_REFUSED],
    ["the bound IPv6 address", { host: "[2001:db8::5]:8545", bound: "2001:DB8:0::5" }, "all"],
    ["the bound name", { host: "MyBox:8545", bound: "mybox" }, "all"],
    ["a named one", { host: "node.example.com", hosts: ["Node.example.com"] }, "all"],
    ["a name below a named one", { host: "evil.node.example.com", hosts: ["node.example.com"] }, HOST_REFUSED],
  ])("asks for %s", (_, asked, expected) => expect(verdict(asked)).toBe(expected));
});

describe("a page", () => {
  it.each<[string, Asked, string]>([
    ["of this machine, at another port", { origin: "http://localhost:5173" }, "all"],
    ["at 127.0.0.1", { origin: "http://127.0.0.1:3000", host: "localhost:8545" }, "all"],
    ["at [::1]", { origin: "http://[::1]:3000" }, "all"],
    ["over https", { origin: "https://app.localhost" }, "all"],
    ["of the node itself, by its address", { origin: "http://192.168.1.5:8545", host: "192.168.1.5:8545", bound: "0.0.0.0" }, "all"],
    ["beside it, by its address", { origin: "http://192.168.1.5:3000", host: "192.168.1.5:8545", bound: "0.0.0.0" }, ORIGIN_REFUSED],
    ["of the node behind a proxy", { origin: "https://node.example.com", host: "node.example.com", hosts: ["node.example.com"] }, "all"],
    ["of a name that was pointed here", { origin: "http://evil.example:8545", host: "evil.example:8545" }, HOST_REFUSED],
    ["of a name that was pointed here, listed", { origin: EVIL, host: "evil.example", cors: ["*", `${EVIL}+sign`] }, HOST_REFUSED],
    ["of another site", { origin: EVIL }, ORIGIN_REFUSED],
    ["of nobody: a sandboxed frame, a file", { origin: "null" }, ORIGIN_REFUSED],
    ["whose name begins like ours", { origin: "http://localhost.evil.example" }, ORIGIN_REFUSED],
    ["whose user is called like us", { origin: "http://localhost@evil.example" }, ORIGIN_REFUSED],
    ["whose path is called like us", { origin: "http://evil.example/http://localhost" }, ORIGIN_REFUSED],
    ["of two origins", { origin: "http://localhost, https://evil.example" }, ORIGIN_REFUSED],
    ["of another scheme at localhost", { origin: "ftp://localhost" }, ORIGIN_REFUSED],
    ["of all the zeroes", { origin: "http://0.0.0.0:3000" }, ORIGIN_REFUSED],
    ["of the network", { origin: "http://192.168.1.5:3000" }, ORIGIN_REFUSED],
    ["of a wallet", { origin: "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn" }, "unsigned"],
    ["of a wallet in Firefox", { origin: "moz-extension://e582a415-cf54-468e-9b4b-f32b576f7bf7" }, "unsigned"],
    ["of a wallet, listed", { origin: "moz-extension://e582a415", cors: ["moz-extension://e582a415+sign"] }, "all"],
    ["of a listed site", { origin: EVIL, cors: [EVIL] }, "unsigned"],
    ["of a listed site that may sign", { origin: EVIL, cors: [`${EVIL}+sign`] }, "all"],
    ["of a site listed twice", { origin: EVIL, cors: [`${EVIL}+sign`, EVIL] }, "all"],
    ["of a listed site, over http", { origin: "http://evil.example", cors: [EVIL] }, ORIGIN_REFUSED],
    ["of a listed site, at another port", { origin: `${EVIL}:8443`, cors: [`${EVIL}+sign`] }, ORIGIN_REFUSED],
    ["of a name below a listed one", { origin: "https://a.evil.example", cors: [EVIL] }, ORIGIN_REFUSED],
    ["of any site, where all are listed", { origin: EVIL, cors: ["*"] }, "unsigned"],
    ["of nobody, where all are listed", { origin: "null", cors: ["*"] }, "unsigned"],
    ["of nobody, listed", { origin: "null", cors: ["null"] }, "unsigned"],
    ["of another site, where another may sign", { origin: EVIL, cors: ["*", "https://a.example+sign"] }, "unsigned"],
    ["that a proxy left without", { origin: "" }, "all"],
  ])("%s", (_, asked, expected) => expect(verdict(asked)).toBe(expected));
});

describe("a page that sends no Origin, by Fetch Metadata", () => {
  it.each<[string, Asked, string]>([
    ["a picture or script of another site", { method: "GET", fetch: ["cross-site", "no-cors", "image"] }, ORIGIN_REFUSED],
    ["a frame of another site", { method: "GET", fetch: ["cross-site", "navigate", "iframe"] }, ORIGIN_REFUSED],
    ["a form of another site", { method: "POST", fetch: ["cross-site", "navigate", "document"] }, ORIGIN_REFUSED],
    ["a link of another site that was followed", { method: "GET", fetch: ["cross-site", "navigate", "document"] }, "all"],
    ["an address that was typed", { method: "GET", fetch: ["none", "navigate", "document"] }, "all"],
    ["the node's own page", { method: "GET", fetch: ["same-origin", "no-cors", "script"] }, "all"],
    ["a page at another port of localhost", { method: "GET", fetch: ["same-site", "no-cors", "image"] }, "all"],
    [
      "a page below the same domain",
      { method: "GET", host: "a.example", hosts: ["a.example"], fetch: ["same-site", "no-cors"] },
      ORIGIN_REFUSED,
    ],
    ["another site, where all are listed", { method: "GET", cors: ["*"], fetch: ["cross-site", "no-cors", "image"] }, "unsigned"],
  ])("%s", (_, asked, expected) => expect(verdict(asked)).toBe(expected));
});

describe("lists", () => {
  it.each([
    "*+sign",
    "null+sign",
    "https://app.example+signn",
    "app.example",
    "https://app.example/path",
    "https://a@b.example",
    "https://app.example?x",
    "",
    "https:",
  ])("an origin is none: %s", (text) => expect(() => parseOrigins([text])).toThrow("are expected"));
  it.each(["*", "http://a.example", "a.example:8545", "a b", "", ".example", "[::1"])("a host is none: %s", (text) =>
    expect(() => parseHosts([text])).toThrow("are expected"),
  );
  it("takes origins as browsers send them, and as people write them", () => {
    expect(verdict({ origin: EVIL, cors: ["HTTPS://Evil.Example:443/+sign"] })).toBe("all");
    expect(verdict({ origin: "tauri://localhost", cors: ["tauri://localhost"] })).toBe("unsigned");
  });
});

it("no Host or Origin of a foreign name gets in, whatever it is dressed as", () => {
  const dress = ["127.0.0.1", "[::1]", "0", ".", ":", "@", "/", "\\", "#", "?", "%00", "%2e", " ", "\t", ",", "http://", "null"];
  const dressed = (parts: string[]) => fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((x) => x.join(""));
  fc.assert(
    fc.property(dressed([...dress, "localhost"]), dressed(dress), (before, after) => {
      const name = `${before}evil.example${after}`;
      expect(verdict({ host: name })).toBe(HOST_REFUSED);
      for (const origin of [name, `http://${name}`, `https://${name}`]) expect(verdict({ origin })).toBe(ORIGIN_REFUSED);
    }),
  );
});
