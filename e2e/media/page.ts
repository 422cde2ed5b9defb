/** The page: a digit drawn by the mouse, read by the contract, and its votes; a file that is kept, read back and sampled. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchChromium } from "../page/browser.ts";

const STEP_MS = 120_000;
const WIDTH = 1180;

/** A three: two arcs, each from `from` to `to` degrees, clockwise from the right. */
const ARCS = [
  { cx: 0.48, cy: 0.34, rx: 0.18, ry: 0.16, from: 210, to: 440 },
  { cx: 0.48, cy: 0.65, rx: 0.2, ry: 0.17, from: -80, to: 150 },
];

/** Makes page.png, all above the card of files, and files.png, that card. The digit that was read. */
export async function photographPage(url: string, folder: string): Promise<string | null> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 }, colorScheme: "dark", reducedMotion: "reduce" });
    page.setDefaultTimeout(STEP_MS);
    await page.goto(url);
    await page.locator('#state[data-kind="live"]').waitFor();
    await drawThree(page);
    await page.locator("#submit:not([disabled])").click();
    await page.locator('[data-step="final"][data-done]').waitFor();
    await page.locator('#members [data-mark="voted"]').first().waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate("document.activeElement?.blur()");
    const files = page.locator("#data");
    const { y: height } = (await files.boundingBox()) as { y: number };
    await page.screenshot({ path: join(folder, "page.png"), fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height } });
    await keepFile(page);
    await files.screenshot({ path: join(folder, "files.png") });
    return await page.locator("#digit").textContent();
  } finally {
    await browser.close();
  }
}

async function keepFile(page: Page): Promise<void> {
  await page.locator("#file").setInputFiles({ name: "three-megabytes.bin", mimeType: "", buffer: randomBytes(3_000_000) });
  await page.locator('[data-file="read"][data-done]').waitFor();
  await page.locator("#data-sample").click();
  await page.locator('[data-file="sampled"][data-done]').waitFor();
  await page.evaluate("document.activeElement?.blur()");
}

async function drawThree(page: Page): Promise<void> {
  const box = (await page.locator("#pad").boundingBox()) as { x: number; y: number; width: number; height: number };
  let drawing = false;
  for (const { cx, cy, rx, ry, from, to } of ARCS)
    for (let i = 0; i <= 30; i++) {
      const angle = ((from + ((to - from) * i) / 30) * Math.PI) / 180;
      await page.mouse.move(box.x + box.width * (cx + rx * Math.cos(angle)), box.y + box.height * (cy + ry * Math.sin(angle)));
      if (!drawing) await page.mouse.down();
      drawing = true;
    }
  await page.mouse.up();
}
