/** The page at / in a real Chromium: drawn with the mouse, read by the contract, shown with its votes; nothing from elsewhere. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { PATIENCE_MS } from "../harness/wait.ts";
import { chromiumPath, launchChromium } from "../page/browser.ts";

/** Every part of the page that something stands below. */
const PARTS = ["#digit", "#bars", "#said", "#steps", "#facts", "#votes-title", "#members", "#roots", "#blocks-title", "footer"];

if (chromiumPath === undefined) process.stderr.write("no Chromium on this machine: the tests of the page are skipped\n");

export function pageFace(net: () => RunningDevnet, validators: number): void {
  describe.skipIf(chromiumPath === undefined)("page", () => {
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];
    beforeAll(async () => {
      browser = await launchChromium();
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      page = await context.newPage();
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
      await state("live");
    });
    afterAll(() => browser?.close());

    const state = (kind: string) => page.locator(`#state[data-kind="${kind}"]`).waitFor();
    const answer = async () => {
      await page.locator("#submit:not([disabled])").click();
      await page.locator('[data-step="final"][data-done]').waitFor();
      await page.locator('#members [data-mark="voted"]').first().waitFor();
      return page.locator("#digit").textContent();
    };
    const fact = (list: string, name: string) => page.locator(`#${list} dt:text-is("${name}") + dd`).first();
    const inPage = <T>(expression: string) => page.evaluate(expression) as Promise<T>;
    /** Where each part stands and how large it is. */
    const places = () =>
      inPage<Record<string, number[]>>(`Object.fromEntries(${JSON.stringify(PARTS)}.map((part) => {
        const { x, y, width, height } = document.querySelector(part).getBoundingClientRect();
        return [part, [x, y + scrollY, width, height].map(Math.round)];
      }))`);
    /** The next text of an element that is not empty. */
    const nextText = (selector: string) =>
      inPage<string>(`new Promise((done) => {
        const element = document.querySelector(${JSON.stringify(selector)});
        new MutationObserver(() => element.textContent && done(element.textContent)).observe(element, { childList: true });
      })`);
    /** What reaches beyond the right edge. */
    const outside = () =>
      inPage<string[]>(`[...document.querySelectorAll("body *")]
        .filter((x) => x.getBoundingClientRect().right > innerWidth + 1)
        .map((x) => x.outerHTML.slice(0, 80))`);

    /** What is wider than its room. */
    const cut = () =>
      inPage<string[]>(`[...document.querySelectorAll("dd, dt, td, th, .said, .members *, .state *")]
        .filter((x) => x.clientWidth > 0 && x.scrollWidth > x.clientWidth + 1)
        .map((x) => x.scrollWidth + " in " + x.clientWidth + ": " + x.outerHTML.slice(0, 80))`);

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
    });

    it("reads an example, with gas, times, voters and equal roots", async () => {
      await page.locator("#clear").click();
      await page.locator("#example").click();
      expect(await answer()).toBe("5");
      expect(Number((await fact("facts", "Gas").textContent())?.replaceAll(",", ""))).toBeGreaterThan(50_000);
      for (const step of ["accepted", "included", "final"])
        expect(await page.locator(`[data-step="${step}"] time`).textContent()).toMatch(/^[\d.]+ m?s$/);
      expect(await page.locator("#members li").count()).toBe(validators);
      const voted = await page.locator('#members [data-mark="voted"]').count();
      expect(3 * voted).toBeGreaterThan(2 * validators);
      if (validators > 1) {
        expect(await fact("roots", "Roots").textContent()).toMatch(/^equal/);
        expect(await fact("roots", "Signed root").textContent()).toBe(await fact("roots", "This node’s root").textContent());
      } else {
        expect(await fact("roots", "State root").locator("button").getAttribute("title")).toMatch(/^0x[0-9a-f]{64}$/);
      }
      expect(Number((await page.locator("#latest").textContent())?.replaceAll(/\D/g, ""))).toBeGreaterThan(0);
    });

    it("draws chances, not scores: what the digit is not has no bar", async () => {
      const rows = page.locator("#bars li");
      expect(await rows.count()).toBe(10);
      for (const [digit, row] of (await rows.all()).entries()) {
        const wide = Number(/--v: ?([\d.e-]+)/.exec((await row.locator("i").getAttribute("style")) ?? "")?.[1]);
        if (digit === 5) expect(wide).toBeGreaterThan(0.9);
        else expect(wide).toBeLessThan(0.05);
        expect(await row.getAttribute("title")).toMatch(/raw score -?\d+ of -128 to 127$/);
      }
    });

    it("copies a hash whole, by mouse and by keyboard, and says so", async () => {
      for (const [name, pattern] of [
        ["Transaction", /^0x[0-9a-f]{64}$/],
        ["DigitReader", /^0x[0-9a-f]{40}$/],
      ] as const) {
        const button = fact("facts", name).locator("button");
        const said = nextText("#copied"); // it is said for a second: listened for before
        if (name === "Transaction") await button.click();
        else await button.press("Enter");
        expect(await said).toBe("copied");
        const copied = await inPage<string>("navigator.clipboard.readText()");
        expect(copied).toMatch(pattern);
        expect(copied).toBe(await button.getAttribute("title"));
      }
    });

    it("uses the DigitReader that everybody uses", async () => {
      const address = (await fact("facts", "DigitReader").locator("button").getAttribute("title")) as string;
      expect(await rpc(net().rpcUrl, "eth_getTransactionCount", address, "latest")).toBe("0x1");
      expect(address).toBe("0xbd26995341b33d93b8897f21f1d2903cac6038cf"); // precompiles/src/digit-reader.test.ts
    });

    it.each([1440, 1280, 390, 320])("is whole at %i pixels, and nothing moves when the answer arrives", async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await page.locator("#clear").click();
      await page.locator("#example").click();
      const before = await places();
      await answer();
      expect(await places()).toEqual(before);
      expect(await inPage("document.documentElement.scrollWidth")).toBe(width);
      expect(await outside()).toEqual([]);
      expect(await cut()).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    it("asks nobody else and reports no error", () => expect(faults).toEqual([]));

    it("says that its validator does not answer, and goes on when it does", async () => {
      process.kill(net().pidOf(0), "SIGSTOP");
      try {
        await state("silent");
        expect(await page.locator("#state").textContent()).toMatch(/No answer\s+from this validator for \d+ s/);
      } finally {
        process.kill(net().pidOf(0), "SIGCONT");
      }
      await state("live");
    });

    // Alone there is no quorum to lose.
    it.runIf(validators === 4)("says who is away, that the chain is halted and why; what was sent is read when it goes on", async () => {
      await net().kill(3);
      await page.locator("#state-reason", { hasText: "3 of 4 validators answer, quorum needs 3" }).waitFor();
      await page.locator("#clear").click();
      await page.locator("#example").click();
      await answer();
      expect(await page.locator("#members li").nth(3).getAttribute("data-mark")).toBe("unheard");
      await net().kill(2);
      await state("halted");
      expect(await page.locator("#state").textContent()).toMatch(/Halted\s+2 of 4 validators answer, quorum needs 3/);
      await page.locator("#clear").click();
      await page.locator("#example").click();
      const reading = answer();
      await page.locator("#said", { hasText: "the chain is halted" }).waitFor();
      await Promise.all([2, 3].map(net().restart));
      await reading;
      await state("live");
      expect(await page.locator("#state").textContent()).toMatch(/Live\s+[34] of 4 validators answer/);
    });
  });
}
