import { copyable, short } from "./copy.ts";
import { byId, make, number } from "./dom.ts";
import { rpc } from "./rpc.ts";
import type { Block, Hex } from "./types.ts";

const SHOWN = 8;
const blocks = new Map<number, Block>();
let busy = false;
let again = false;

function age(block: Block): string {
  const seconds = Math.max(0, Math.floor(Date.now() / 1000) - Number(block.timestamp));
  return seconds < 90 ? `${seconds} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function row(block: Block, fresh: boolean): HTMLElement {
  const cells = [
    make("td", {}, make("b", {}, `#${number(block.number)}`)),
    make("td", {}, copyable(block.hash, short(block.hash, 6, 4))),
    make("td", {}, String(block.transactions.length)),
    make("td", { class: "gas" }, number(block.gasUsed)),
    make("td", { class: "age" }, age(block)),
  ];
  return make("tr", { "data-height": String(Number(block.number)), ...(fresh ? { "data-new": "" } : {}) }, ...cells);
}

/** As tall as a row with a block. */
function emptyRow(): HTMLElement {
  return make("tr", {}, ...["", "", "", "gas", ""].map((name) => make("td", { class: name })));
}

function render(fresh: ReadonlySet<number>): void {
  const newest = [...blocks.keys()].sort((a, b) => b - a);
  for (const height of newest.slice(SHOWN)) blocks.delete(height);
  const rows = newest.slice(0, SHOWN).map((h) => row(blocks.get(h) as Block, fresh.has(h)));
  byId("blocks").replaceChildren(...rows, ...Array.from({ length: SHOWN - rows.length }, emptyRow));
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
  if (missing.length > 0) render(new Set(first ? [] : missing));
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
    // the chain's state is shown; the next head tries again
  } finally {
    busy = false;
  }
}

/** Before the first answer, and when what was answered is not to be believed any more. */
export function showNoBlocks(): void {
  blocks.clear();
  for (const id of ["latest", "finalized"]) byId(id).textContent = "–";
  render(new Set());
}

/** Ages grow without new blocks; returns that of the newest. Rows stay: somebody may be about to copy from one. */
export function refreshAges(): string | undefined {
  for (const tr of document.querySelectorAll<HTMLElement>("#blocks [data-height]")) {
    const block = blocks.get(Number(tr.dataset.height));
    if (block !== undefined) (tr.querySelector(".age") as HTMLElement).textContent = age(block);
  }
  const newest = blocks.get(Math.max(...blocks.keys()));
  return newest && age(newest);
}
