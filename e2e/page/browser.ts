/** Debian's Chromium, driven over its own protocol; absent, the page's tests are skipped and say so. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

export const chromiumPath = PATHS.find((path) => existsSync(path));

export function launchChromium(...more: string[]): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(`no Chromium: looked for ${PATHS.join(", ")}`);
  return chromium.launch({ executablePath: chromiumPath, args: [...FLAGS, ...more] });
}
