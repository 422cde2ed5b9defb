/**
 * Web sites against a devnet, in a real Chromium: pages of another site, of a name that was pointed at this machine, without an origin;
 * then pages of this machine, and the same site once it is listed (the negative control: these attacks work where they are let).
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { PATIENCE_MS } from "../harness/wait.ts";
import { type Attack, attack } from "./attacks.ts";
import { chromiumPath, launchChromium } from "./browser.ts";

const SENDING: Attack[] = ["json", "text", "blind", "form", "socket", "frame"];
const SITE = "evil.example";
const PAGE = "<!doctype html><title>site</title>";

/** Serves its page at /site; whatever else is asked there reaches the node, as after a name was pointed at this machine. */
function serveSite(socket: Socket, nodePort: number): void {
  socket.on("error", () => {});
  socket.once("data", (first) => {
    if (first.toString("latin1").startsWith("GET /site "))
      return void socket.end(
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\nConnection: close\r\n\r\n${PAGE}`,
      );
    const node = connect(nodePort, "127.0.0.1");
    node.on("error", () => socket.destroy());
    node.write(first);
    socket.pipe(node).pipe(socket);
  });
}

describe.skipIf(chromiumPath === undefined)("web sites", () => {
  let site: Server;
  let port: number;
  let browser: Browser;
  let page: Page;
  let net: RunningDevnet;
  const start = async (...flags: string[]) => {
    net = await startDevnet(["--validators", "1", ...flags]);
  };
  beforeAll(async () => {
    site = createServer((socket) => serveSite(socket, Number(new URL(net.rpcUrl).port)));
    await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
    port = (site.address() as AddressInfo).port;
    browser = await launchChromium(`--host-resolver-rules=MAP ${SITE} 127.0.0.1`);
  });
  afterEach(async () => {
    await page?.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  async function open(origin: string): Promise<void> {
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${origin}/site`);
  }
  const sent = async () => Number(await rpc<string>(net.rpcUrl, "eth_getTransactionCount", net.accounts[0]?.address, "pending"));
  async function outcomes(names: Attack[], node = net.rpcUrl): Promise<Record<string, string>> {
    const [from, to] = net.accounts.map((x) => x.address);
    const found: Record<string, string> = {};
    for (const name of names) {
      const before = await sent();
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendTransaction", params: [{ from, to, value: "0x1" }] });
      const said = await attack(page, name, node, body);
      found[name] = (await sent()) > before ? "sent" : said;
    }
    return found;
  }
  const all = (names: Attack[], outcome: string) => Object.fromEntries(names.map((x) => [x, outcome]));

  describe("by default", () => {
    beforeAll(() => start());
    afterAll(() => net?.destroy());

    it("another site sends, publishes and reads nothing", async () => {
      await open(`http://${SITE}:${port}`);
      const names: Attack[] = [...SENDING, "publish", "read", "script"];
      expect(await outcomes(names)).toEqual(all(names, "refused"));
      expect(await outcomes(names, net.rpcUrl.replace("127.0.0.1", "localhost"))).toEqual(all(names, "refused"));
    });

    it("nor one whose name was pointed at this machine, which is of the node's own origin", async () => {
      const origin = `http://${SITE}:${port}`;
      await open(origin);
      const names: Attack[] = [...SENDING, "publish", "read", "script"];
      expect(await outcomes(names, origin)).toEqual(all(names, "refused"));
    });

    it("a page of this machine does all of it, by whatever name", async () => {
      for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
        await open(origin);
        expect(await outcomes(["json", "text", "socket"])).toEqual(all(["json", "text", "socket"], "sent"));
        expect(await outcomes(["publish", "read"])).toEqual(all(["publish", "read"], "done"));
        await page.context().close();
      }
    });

    it("the node's own page works by both of its names, and is shown in no frame", async () => {
      for (const host of ["localhost", "127.0.0.1"]) {
        page = await (await browser.newContext()).newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        await page.goto(net.rpcUrl.replace("127.0.0.1", host));
        await page.locator('#state[data-kind="live"]').waitFor();
        await page.locator("#example").click();
        await page.locator("#submit:not([disabled])").click();
        await page.locator('[data-step="final"][data-done]').waitFor();
        await page.context().close();
      }
      await open(`http://localhost:${port}`);
      await page.evaluate(`new Promise((done) => {
        const frame = Object.assign(document.createElement("iframe"), { src: ${JSON.stringify(net.rpcUrl)}, onload: done });
        document.body.append(frame);
      })`);
      expect(await page.frames()[1]?.locator("#pad").count()).toBe(0);
    });
  });

  describe("where the operator lists it", () => {
    afterEach(() => net?.destroy());

    it("a site reads; it sends and publishes only with +sign", async () => {
      const origin = `http://${SITE}:${port}`;
      await start("--cors", origin);
      await open(origin);
      const names: Attack[] = [...SENDING, "publish"];
      expect(await outcomes(names)).toEqual(all(names, "refused"));
      expect(await outcomes(["read"])).toEqual({ read: "done" });
    });

    it("the attacks work", async () => {
      const origin = `http://${SITE}:${port}`;
      await start("--cors", `${origin}+sign`);
      await open(origin);
      const names = SENDING.filter((x) => x !== "frame");
      expect(await outcomes(names)).toEqual(all(names, "sent"));
      expect(await outcomes(["publish", "read"])).toEqual(all(["publish", "read"], "done"));
      await net.destroy();
      await start("--hosts", SITE);
      expect(await outcomes(names, origin)).toEqual(all(names, "sent"));
      expect(await outcomes(["publish", "read"], origin)).toEqual(all(["publish", "read"], "done"));
    });
  });
});
