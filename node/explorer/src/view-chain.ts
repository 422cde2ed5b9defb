import { byId, make, number, short } from "./dom.ts";
import { rpc } from "./rpc.ts";
import type { Block, Hex } from "./types.ts";

const SHOWN = 10;
const blocks = new Map<number, Block>();
let busy = false;
let again = false;

function age(block: Block): string {
  const seconds = Math.max(0, Math.floor(Date.now() / 1000) - Number(block.timestamp));
  return seconds < 90 ? `${seconds} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function row(block: Block, fresh: boolean): HTMLElement {
  const cells = [
    make("b", {}, `#${number(block.number)}`),
    make("code", { title: block.hash }, short(block.hash)),
    String(block.transactions.length),
    number(block.gasUsed),
    age(block),
  ];
  return make("tr", fresh ? { "data-new": "" } : {}, ...cells.map((cell) => make("td", {}, cell)));
}

function render(fresh: ReadonlySet<number>): void {
  const newest = [...blocks.keys()].sort((a, b) => b - a);
  for (const height of newest.slice(SHOWN)) blocks.delete(height);
  byId("blocks").replaceChildren(...newest.slice(0, SHOWN).map((h) => row(blocks.get(h) as Block, fresh.has(h))));
}

async function load(): Promise<void> {
  const [latest, finalized] = await Promise.all([rpc<Hex>("eth_blockNumber"), rpc<Block>("eth_getBlockByNumber", "finalized", false)]);
  byId("latest").textContent = `#${number(latest)}`;
  byId("finalized").textContent = `#${number(finalized.number)}`;
  const head = Number(latest);
  const missing = Array.from({ length: Math.min(SHOWN, head + 1) }, (_, i) => head - i).filter((h) => !blocks.has(h));
  const loaded = await Promise.all(missing.map((h) => rpc<Block | null>("eth_getBlockByNumber", `0x${h.toString(16)}`, false)));
  const first = blocks.size === 0;
  for (const block of loaded) if (block) blocks.set(Number(block.number), block);
  render(new Set(first ? [] : missing));
}

/** One load at a time, however fast heads come. */
export async function refreshChain(): Promise<void> {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      await load();
    } while (again);
  } catch {
    // the connection's state is shown; the next head tries again
  } finally {
    busy = false;
  }
}

/** Ages grow without new blocks. */
export function refreshAges(): void {
  render(new Set());
}
