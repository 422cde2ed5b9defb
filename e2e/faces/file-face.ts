/** The page's card of files in a real Chromium: what is dropped is published, read back, sampled, and had from another validator. */
import { createHash, randomBytes } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningDevnet } from "../harness/devnet.ts";
import { PATIENCE_MS } from "../harness/wait.ts";
import { chromiumPath, launchChromium } from "../page/browser.ts";

const PARTS = ["#zone", "#data-said", "#data-steps", "#data-facts", "#confidence-bar", "#object-name", "#holders", "#find", "footer"];

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export function fileFace(net: () => RunningDevnet, validators: number): void {
  describe.skipIf(chromiumPath === undefined)("files on the page", () => {
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];
    beforeAll(async () => {
      browser = await launchChromium();
      page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
      page.setDefaultTimeout(PATIENCE_MS);
      page.on("pageerror", (error) => faults.push(`page: ${error.message}`));
      page.on("request", (request) => {
        const { protocol, origin } = new URL(request.url());
        if (!["data:", "blob:"].includes(protocol) && origin !== net().rpcUrl) faults.push(`request to ${request.url()}`);
      });
      page.on("response", (response) => {
        // 503: cells of a row that is still being cut, which the sampler asks for again
        if (response.status() >= 400 && !(response.status() === 503 && response.url().includes("/da-cells/")))
          faults.push(`${response.status()} of ${response.url()}`);
      });
      await page.goto(`${net().rpcUrl}/`);
      await page.locator('#state[data-kind="live"]').waitFor();
      await page
        .locator("#holders li")
        .nth(validators - 1)
        .waitFor();
    });
    afterAll(() => browser?.close());

    const inPage = <T>(expression: string) => page.evaluate(expression) as Promise<T>;
    const done = (step: string) => page.locator(`[data-file="${step}"][data-done]`).waitFor();
    const said = (hasText: string | RegExp) => page.locator("#data-said", { hasText }).waitFor();
    const places = () =>
      inPage<Record<string, number[]>>(`Object.fromEntries(${JSON.stringify(PARTS)}.map((part) => {
        const { x, y, width, height } = document.querySelector(part).getBoundingClientRect();
        return [part, [x, y + scrollY, width, height].map(Math.round)];
      }))`);
    const outside = () =>
      inPage<string[]>(`[...document.querySelectorAll("#data *")]
        .filter((x) => x.getBoundingClientRect().right > innerWidth + 1)
        .map((x) => x.outerHTML.slice(0, 80))`);
    const cut = () =>
      inPage<string[]>(`[...document.querySelectorAll("#data :is(dd, dt, p, li, button, label, #holders span)")]
        .filter((x) => x.clientWidth > 0 && x.scrollWidth > x.clientWidth + 1 && x.id !== "file-name")
        .map((x) => x.scrollWidth + " in " + x.clientWidth + ": " + x.outerHTML.slice(0, 80))`);
    const drop = async (name: string, type: string, bytes: Buffer) => {
      const data = await page.evaluateHandle(`{
        const transfer = new DataTransfer();
        const raw = Uint8Array.from(atob(${JSON.stringify(bytes.toString("base64"))}), (c) => c.charCodeAt(0));
        transfer.items.add(new File([raw], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }));
        transfer;
      }`);
      await page.dispatchEvent("#data", "drop", { dataTransfer: data });
    };
    const fileId = () => page.locator("#data-facts .copy").getAttribute("title") as Promise<string>;

    const large = randomBytes(4_100_000); // one row more than an object
    let largeId = "";

    it("publishes what is dropped, in objects and a manifest, and reads it back byte for byte", async () => {
      const before = await places();
      await drop("Große Datei.bin", "application/x-test", large);
      await said(/Object 1 of 2 (waits for the encoder|is being encoded)/); // whichever comes first: it may be loaded already
      for (const step of ["encoded", "signed", "included", "read"]) await done(step);
      await said("Kept, final, and read back byte for byte.");
      expect(await page.locator("#data-facts dd").first().textContent()).toBe("2 objects and a manifest, application/x-test");
      expect(await places()).toEqual(before);
      largeId = await fileId();
    });

    it("shows whose each row is, who signed, and which rows were read", async () => {
      expect(await page.locator("#holders li").count()).toBe(validators);
      expect(await page.locator('#holders [data-kind="data"]').count()).toBe(32);
      expect(await page.locator('#holders [data-mark="signed"]').count()).toBeGreaterThan((2 * validators) / 3);
      expect(await page.locator("#holders [data-read]").count()).toBeGreaterThanOrEqual(32);
      const holders = (await page.locator("#holders p").allTextContents()).join();
      expect(holders).toMatch(/Rows 0 to \d+: \d+ data/);
      expect(holders).toMatch(/\d read back/); // of whomever: a holder that is slow is not waited for
    });

    it("chooses an object by the keyboard, the manifest last", async () => {
      const picker = page.locator("#object");
      const named = (hasText: RegExp) => page.locator("#object-name", { hasText }).waitFor();
      await picker.focus();
      for (const [key, name] of [
        ["ArrowRight", /^Object 2 of 2: 37 kB from byte 4,063,232 on; \d rows?, any 1 rebuilds it$/],
        ["End", /^Manifest/],
        ["Home", /^Object 1 of 2/],
      ] as const) {
        await picker.press(key);
        await named(name);
        expect(await picker.getAttribute("aria-valuetext")).toMatch(name);
      }
    });

    it("links to every other validator, which gives the file with its name and type", async () => {
      const links = await page.locator("#data-facts a").all();
      expect(links).toHaveLength(Math.max(1, validators - 1));
      for (const link of links) {
        const response = await fetch(new URL((await link.getAttribute("href")) as string, net().rpcUrl));
        expect(response.headers.get("content-type")).toBe("application/x-test");
        expect(response.headers.get("content-disposition")).toContain(encodeURIComponent("Große Datei.bin"));
        expect(digest(Buffer.from(await response.arrayBuffer()))).toBe(digest(large));
      }
    });

    it("samples a chosen file in the tab, and the confidence rises", async () => {
      const small = randomBytes(1000);
      await page.locator("#file").setInputFiles({ name: "small.txt", mimeType: "text/plain", buffer: small });
      await done("read");
      await page.locator("#data-sample:not([disabled])").waitFor();
      const chances = await sampledChances();
      expect(chances.size).toBe(3); // of the object, of its manifest, of both
      for (const [of, each] of chances) expect(each, of).toEqual(each.toSorted((a, b) => b - a));
      await done("sampled");
      await said("Available: 80 random cells are there and proven.");
      expect(await page.locator("#confidence").textContent()).toMatch(/^1 − \d/);
      expect(await page.locator("#holders i > b").count()).toBe(40); // of the object that is shown
    });

    /**
     * Presses the button, and gives one less each confidence that the card shows until all samples are there, by what it
     * is of. The card draws once a frame, and a busy machine leaves out frames for longer than an object takes: here it
     * draws at once.
     */
    async function sampledChances(): Promise<Map<string, number[]>> {
      const seen = await inPage<[of: string, value: string][]>(`new Promise((done) => {
        const seen = [];
        const atFrame = window.requestAnimationFrame;
        window.requestAnimationFrame = (draw) => void queueMicrotask(() => draw(0));
        const look = () => {
          const now = ["#confidence-of", "#confidence"].map((x) => document.querySelector(x).textContent);
          if (now[1] !== "–" && seen.at(-1)?.[1] !== now[1]) seen.push(now);
          if (!document.querySelector('[data-file="sampled"][data-done]') && !document.querySelector("#data-said.bad")) return;
          observer.disconnect();
          window.requestAnimationFrame = atFrame;
          done(seen);
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        document.querySelector("#data-sample").click();
      })`);
      const chance = (text: string) =>
        text.endsWith(" %") ? 1 - Number(text.slice(0, -2)) / 100 : Number(text.slice(4).replace("−", "-"));
      const grouped = Map.groupBy(seen, ([of]) => of);
      return new Map([...grouped].map(([of, values]) => [of, values.map(([, value]) => chance(value))]));
    }

    it("looks at a file by its id, and reads it back against its manifest's sha256", async () => {
      await page.locator("#find-id").fill(largeId);
      await page.locator("#find-id").press("Enter");
      await page.locator("#file-name", { hasText: "Große Datei.bin" }).waitFor();
      await page.locator("#data-read:not([disabled])").click();
      await said("Kept, final, and read back, with the sha256 of its manifest.");
      await page.locator("#find-id").fill(`0x${"11".repeat(32)}`);
      await page.locator("#find-id").press("Enter");
      await said(/^Not found: object 0x1{64} is not known here or to a connected peer\.$/);
      expect(faults.splice(0)).toEqual([expect.stringMatching(/^404 of .*\/da\/0x1{64}\?raw$/)]);
    });

    it.each([1280, 768, 320])("is whole at %i pixels, and nothing moves while a file is kept", async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await page.reload();
      await page
        .locator("#holders li")
        .nth(validators - 1)
        .waitFor();
      const before = await places();
      await page.locator("#file").setInputFiles({ name: "picture.png", mimeType: "image/png", buffer: randomBytes(300_000) });
      await done("read");
      expect(await places()).toEqual(before);
      expect(await inPage("document.documentElement.scrollWidth")).toBe(width);
      expect(await outside()).toEqual([]);
      expect(await cut()).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    it("asks nobody else and reports no error", () => expect(faults).toEqual([]));

    it.runIf(validators === 4)(
      "reads without a dead validator and says whose rows are away; what is dropped into a halt goes on after it",
      async () => {
        await net().kill(3);
        await page.locator('#holders [data-mark="away"] .mark', { hasText: "not heard" }).waitFor();
        await page.locator("#data-read").click();
        await said("Kept, final, and read back byte for byte.");
        expect(await page.locator('#holders [data-mark="away"] [data-read]').count()).toBe(0);
        await page.locator("#data-sample").click(); // 40 cells in 12 rows, three of them the dead one's
        await said(
          /^Not shown to be available: Object 1 of 1: row \d+, which validator 3 holds, gave no cells; any 3 of its 12 rows rebuild it/,
        );
        await net().kill(2);
        await page.locator('#state[data-kind="halted"]').waitFor();
        await page.locator("#file").setInputFiles({ name: "late.txt", mimeType: "text/plain", buffer: randomBytes(100) });
        await said(/The chain is halted: 2 of 4 validators answer/);
        await Promise.all([2, 3].map(net().restart));
        await done("included");
      },
    );
  });
}
