/** The page at / in a real Chromium: drawn with the mouse, read by the contract, shown with its votes; nothing from elsewhere. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningDevnet } from "../harness/devnet.ts";
import { PATIENCE_MS } from "../harness/wait.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const SHOTS = process.env.NOEMA_SCREENSHOTS; // a folder, for those who want to look

if (CHROMIUM === undefined) process.stderr.write("no Chromium on this machine: the tests of the page are skipped\n");

export function pageFace(net: () => RunningDevnet): void {
  describe.skipIf(CHROMIUM === undefined)("page", () => {
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS, timeout: PATIENCE_MS });
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.setDefaultTimeout(PATIENCE_MS);
      page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`page: ${error.message}`));
      page.on("request", (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== "data:" && origin !== net().rpcUrl) faults.push(`request to ${request.url()}`);
      });
      page.on("websocket", (socket) => {
        if (!socket.url().startsWith(net().wsUrl)) faults.push(`socket to ${socket.url()}`);
      });
      await page.addInitScript("Math.random = () => 0.5"); // the examples begin with 5, unsheared
      await page.goto(`${net().rpcUrl}/`);
      await page.locator('#link[data-state="live"]').waitFor();
    });
    afterAll(() => browser?.close());

    const shoot = async (name: string) => {
      if (SHOTS === undefined) return;
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(SHOTS, `${name}-${net().rpcUrls.length}-${colorScheme}.png`), fullPage: true });
      }
    };
    const answer = async () => {
      await page.locator("#submit:not([disabled])").click();
      await page.locator('#verdict[data-state="done"]').waitFor();
      await page.locator('[data-step="final"][data-done]').waitFor();
      await page.locator("#members li").first().waitFor();
      return page.locator("#digit").textContent();
    };
    const fact = (list: string, name: string) => page.locator(`#${list} dt:text-is("${name}") + dd`).first().textContent();

    it("reads what the mouse draws", async () => {
      const box = (await page.locator("#pad").boundingBox()) as { x: number; y: number; width: number; height: number };
      const at = (angle: number): [number, number] => [
        box.x + box.width * (0.5 + 0.2 * Math.sin(angle)),
        box.y + box.height * (0.5 - 0.32 * Math.cos(angle)),
      ];
      await page.mouse.move(...at(0));
      await page.mouse.down();
      for (let i = 1; i <= 40; i++) await page.mouse.move(...at((i * 2 * Math.PI) / 40));
      await page.mouse.up();
      expect(await answer()).toBe("0");
      await shoot("drawn");
    });

    it("reads an example, with gas, times, voters and equal roots", async () => {
      await page.locator("#clear").click();
      await page.locator("#example").click();
      expect(await answer()).toBe("5");
      expect(Number((await fact("facts", "Gas"))?.replaceAll(",", ""))).toBeGreaterThan(50_000);
      for (const step of ["accepted", "included", "final"])
        expect(await page.locator(`[data-step="${step}"] time`).textContent()).toMatch(/^[\d.]+ m?s$/);
      const validators = net().rpcUrls.length;
      expect(await page.locator("#members li").count()).toBe(validators);
      const voted = await page.locator("#members li[data-voted]").count();
      expect(3 * voted).toBeGreaterThan(2 * validators);
      if (validators > 1) {
        expect(await fact("roots", "Roots")).toMatch(/^equal/);
        expect(await fact("roots", "Signed root")).toBe(await fact("roots", "This node’s root"));
      } else {
        expect(await fact("roots", "State root")).toMatch(/^0x[0-9a-f]{64}$/);
      }
      await page.locator("#latest", { hasText: /[1-9]/ }).waitFor();
      await shoot("example");
    });

    it("asks nobody else and reports no error", () => expect(faults).toEqual([]));
  });
}
