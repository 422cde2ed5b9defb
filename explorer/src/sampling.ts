/** The card that samples a blob: one at a time, another gives the one before up. */
import { byId } from "./dom.ts";
import type { Hex } from "./types.ts";
import { clearSample, saySample, showRows, showSample } from "./view-sample.ts";

type Sampler = typeof import("./sampler.ts");

let running: AbortController | undefined;

async function sampleBlob(id: Hex): Promise<void> {
  running?.abort();
  const own = new AbortController();
  running = own;
  const { signal } = own;
  clearSample();
  saySample("Asking what describes it.");
  try {
    const path = byId("sample").dataset.script as string;
    const { sample }: Sampler = await import(path);
    await sample(
      id,
      {
        onFacts: ({ meta, holders }) => showRows({ rows: meta.N, needed: meta.R, holders: holders ?? [] }),
        onSample: ({ slot, cell, done, total, chance }) => signal.aborted || showSample(slot, cell, done, total, chance),
      },
      signal,
    );
  } catch (error) {
    if (!signal.aborted) saySample(`Not shown to be available: ${(error as Error).message}.`, "bad");
  }
}

export function watchSampling(): void {
  byId("sample-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void sampleBlob(byId<HTMLInputElement>("sample-id").value.trim() as Hex);
  });
}
