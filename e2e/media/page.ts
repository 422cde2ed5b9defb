/** The page with a digit drawn by the mouse, read by the contract, and its votes. */
import type { Page } from "playwright-core";
import { launchChromium } from "../page/browser.ts";

const STEP_MS = 60_000;

/** A three: two arcs, each from `from` to `to` degrees, clockwise from the right. */
const ARCS = [
  { cx: 0.48, cy: 0.34, rx: 0.18, ry: 0.16, from: 210, to: 440 },
  { cx: 0.48, cy: 0.65, rx: 0.2, ry: 0.17, from: -80, to: 150 },
];

export async function photographPage(url: string, path: string): Promise<string | null> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 800 }, colorScheme: "dark", reducedMotion: "reduce" });
    page.setDefaultTimeout(STEP_MS);
    await page.goto(url);
    await page.locator('#state[data-kind="live"]').waitFor();
    await drawThree(page);
    await page.locator("#submit:not([disabled])").click();
    await page.locator('[data-step="final"][data-done]').waitFor();
    await page.locator('#members [data-mark="voted"]').first().waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate("document.activeElement?.blur()");
    await page.screenshot({ path, fullPage: true });
    return await page.locator("#digit").textContent();
  } finally {
    await browser.close();
  }
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
