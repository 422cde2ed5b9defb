/**
 * Pictures of the page in every state, wide and narrow, dark and light, from a real devnet of four validators:
 *   node e2e/page/screenshots.ts FOLDER
 * For looking at; `npm ci` in e2e/ and a Chromium first. Names: <state>-<width>-<scheme>.png.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startDevnet } from "../harness/devnet.ts";
import { launchChromium } from "./browser.ts";

const WIDTHS = [1440, 390, 320];
const SCHEMES = ["dark", "light"] as const;
if (process.argv[2] === undefined) {
  process.stderr.write("usage: node e2e/page/screenshots.ts FOLDER\n");
  process.exit(2);
}
const folder = resolve(process.argv[2]);

type Look = { page: Page; name: string };

async function open(browser: Browser, url: string): Promise<Look[]> {
  const looks: Look[] = [];
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      await page.addInitScript("Math.random = () => 0.5"); // the examples begin with 5, unsheared
      await page.goto(url);
      await page.locator('#state[data-kind="live"]').waitFor();
      await page.locator("#members li").nth(3).waitFor();
      looks.push({ page, name: `${width}-${colorScheme}` });
    }
  }
  return looks;
}

async function shoot(looks: readonly Look[], state: string): Promise<void> {
  for (const { page, name } of looks) await page.screenshot({ path: join(folder, `${state}-${name}.png`), fullPage: true });
  process.stdout.write(`${state}\n`);
}

/** Holds the answers about receipts back, so that the page is seen waiting. */
async function submitAndHold(page: Page): Promise<() => void> {
  let release: () => void = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  await page.route(
    (url) => url.pathname === "/",
    async (route) => {
      if (route.request().postData()?.includes("eth_getTransactionReceipt")) await released;
      await route.continue();
    },
  );
  await page.locator("#submit:not([disabled])").click();
  await page.locator('[data-step="included"][data-now]').waitFor();
  return release;
}

async function each(looks: readonly Look[], act: (page: Page) => Promise<unknown>): Promise<void> {
  for (const { page } of looks) await act(page);
}

mkdirSync(folder, { recursive: true });
const net = await startDevnet();
const browser = await launchChromium();
try {
  const looks = await open(browser, `${net.rpcUrl}/`);
  await shoot(looks, "1-idle");
  await each(looks, (page) => page.locator("#example").click());
  // Once, so that DigitReader stands and each page is seen waiting for its digit.
  const first = (looks[0] as Look).page;
  await first.locator("#submit:not([disabled])").click();
  await first.locator('[data-step="final"][data-done]').waitFor();
  const releases: (() => void)[] = [];
  await each(looks, async (page) => releases.push(await submitAndHold(page)));
  await shoot(looks, "2-waiting");
  for (const release of releases) release();
  await each(looks, (page) => page.locator('#members [data-mark="voted"]').first().waitFor());
  await shoot(looks, "3-answered");
  await each(looks, async (page) => {
    await page.locator("#file").setInputFiles({ name: "a file.bin", mimeType: "", buffer: randomBytes(1_000_000) });
    await page.locator('[data-file="read"][data-done]').waitFor();
  });
  await shoot(looks, "4-kept");
  for (const index of [2, 3]) await net.kill(index);
  await each(looks, (page) => page.locator('#state[data-kind="halted"]').waitFor());
  await shoot(looks, "5-halted");
  await each(looks, (page) => page.locator("#submit:not([disabled])").click());
  await each(looks, (page) => page.locator("#said", { hasText: "the chain is halted" }).waitFor());
  await shoot(looks, "6-halted-waiting");
  for (const index of [0, 1]) await net.kill(index);
  await each(looks, (page) => page.locator('#state[data-kind="silent"]').waitFor());
  await shoot(looks, "7-disconnected");
} catch (error) {
  for (const page of browser.contexts().flatMap((x) => x.pages())) process.stderr.write(`${await page.locator("#said").textContent()}\n`);
  throw error;
} finally {
  await browser.close();
  await net.destroy();
}
process.stdout.write(`${folder}\n`);
