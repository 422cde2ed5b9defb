/**
 * Makes docs/media from the real thing: starts a devnet as a person does, in a terminal, has the page read a drawn digit and
 * keep a file, and runs the demo. node e2e/media/record.ts [--port P --metrics-port M]. Needs Linux, `script` (util-linux) and Chromium.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { rpc } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";
import { photographPage } from "./page.ts";
import { paced, type Session, SIZE, startSession } from "./pty.ts";
import { animatedSvg, type Scene } from "./svg.ts";
import { replay } from "./terminal.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const media = join(root, "docs", "media");
const QUIET_MS = 1500;
const TYPING_MS = 30;
const MOST_PAUSE_MS = 700;
const LINE_MS = 70;
const PROMPT = "\u001b[1;32m$\u001b[0m ";

const { values: options } = parseArgs({ options: { port: { type: "string" }, "metrics-port": { type: "string" } } });

/** The repository under a short path, so that no recording shows where it was made. */
function cloneFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "noema-"));
  for (const name of readdirSync(root)) if (!name.startsWith(".")) symlinkSync(join(root, name), join(folder, name));
  return folder;
}

/** The session so far, with its command typed before it. */
async function sceneOf(title: string, session: Session, shown: Session["chunks"] = session.chunks): Promise<Scene> {
  const typed = [...session.command].map((text, i) => ({ at: (i + 1) * TYPING_MS, text }));
  const begin = (session.command.length + 8) * TYPING_MS;
  const output = paced(shown, MOST_PAUSE_MS, LINE_MS).map(({ at, text }) => ({ at: at + begin, text }));
  return { title, ...(await replay([{ at: 0, text: PROMPT }, ...typed, { at: begin, text: "\r\n" }, ...output], SIZE)) };
}

async function ready(session: Session, url: string): Promise<void> {
  let ended = false;
  session.ended.then(() => {
    ended = true;
  });
  const answers = () => rpc(url, "eth_chainId").then(Boolean, () => ended);
  await until(answers, () => `no answer at ${url}`);
  if (ended) throw new Error(`the devnet ended:\n${session.chunks.map((x) => x.text).join("")}`);
  let seen = -1;
  while (seen !== session.chunks.length) {
    seen = session.chunks.length;
    await new Promise((done) => setTimeout(done, QUIET_MS));
  }
}

async function main(): Promise<void> {
  const folder = cloneFolder();
  const url = `http://127.0.0.1:${options.port ?? "8545"}`;
  const flags = Object.entries(options).map(([name, value]) => `--${name} ${value}`);
  const devnet = startSession(["npm run devnet", ...(flags.length > 0 ? ["--", ...flags] : [])].join(" "), folder);
  try {
    await ready(devnet, url);
    const start = [...devnet.chunks];
    const demo = startSession(options.port === undefined ? "npm run demo" : `npm run demo -- --rpc ${url}`, folder);
    const code = await demo.ended;
    if (code !== 0) throw new Error(`the demo ended with ${code}:\n${demo.chunks.map((x) => x.text).join("")}`);
    mkdirSync(media, { recursive: true });
    const scenes = [await sceneOf("one terminal", devnet, start), await sceneOf("a second terminal", demo)];
    writeFileSync(join(media, "devnet.svg"), animatedSvg(scenes));
    const digit = await photographPage(`${url}/`, media);
    if (digit !== "3") throw new Error(`the page read ${digit} where a 3 is drawn`);
    for (const name of readdirSync(media)) process.stdout.write(`docs/media/${name}: ${statSync(join(media, name)).size} bytes\n`);
  } finally {
    devnet.interrupt();
    await devnet.ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
