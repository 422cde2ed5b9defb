/** The card of files: what a person does in it becomes a task, one at a time; another gives the one before up. */
import type { ChainState } from "../chain-state.ts";
import { byId } from "../dom.ts";
import type { Hex, Validator } from "../types.ts";
import { dropFault } from "./drop.ts";
import { newFile } from "./file-state.ts";
import { createFileStore } from "./file-store.ts";
import { createTasks } from "./tasks.ts";
import { type Busy, showFile } from "./view-file.ts";
import { showObject } from "./view-rows.ts";

export type FileCard = {
  /** At least every second. */
  onChain(state: ChainState, heard: readonly number[] | undefined): void;
  onValidators(validators: readonly Validator[], own: number | null): void;
};

export function createFileCard(): FileCard {
  let busy: Busy = "no";
  let running = new AbortController();
  let validators: readonly Validator[] = [];
  let own: number | null = null;
  let chain: ChainState | undefined;
  let heard: readonly number[] | undefined;
  let scheduled = false;
  const store = createFileStore(() => performance.now(), draw);
  const script = (name: "publisher" | "sampler") => import(byId("data").dataset[name] as string);
  const tasks = createTasks(store, { publisher: () => script("publisher"), sampler: () => script("sampler") });

  function draw(): void {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      showFile({ file: store.file(), index: store.index(), times: store.times(), chain, busy, validators, own });
      showObject(store.file(), store.index(), validators, heard);
    });
  }

  /** What is said of the file, or of none. */
  function fail(fault: string): void {
    if (store.file() === undefined) store.begin(newFile({ name: "No file", bytes: 0, contentType: "nothing", objectBytes: 1 }));
    store.change((file) => ({ ...file, fault }));
  }

  /** What was under way is given up; what was sent goes on by itself. */
  async function during(what: Busy, failed: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    running.abort();
    const mine = new AbortController();
    running = mine;
    busy = what;
    store.change(({ fault: _, ...file }) => file);
    draw();
    try {
      await work(mine.signal);
    } catch (error) {
      if (!mine.signal.aborted) fail(`${failed}: ${(error instanceof Error ? error.message : String(error)).replace(/\.$/, "")}.`);
    } finally {
      if (running === mine) busy = "no";
      draw();
    }
  }

  const publish = (source: File) => during("publishing", "Not published", (signal) => tasks.publish(source, signal));

  function stop(): void {
    running.abort();
    fail(busy === "publishing" ? "Stopped: what was sent goes on by itself, and nothing more is sent." : "Stopped.");
  }

  function drop(data: DataTransfer): void {
    const fault = dropFault([...data.items]);
    const [source] = data.files;
    if (fault !== undefined) fail(`Not published: ${fault}.`);
    else if (source !== undefined) void publish(source);
  }

  function listenToDrops(): void {
    const zone = byId("zone");
    document.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.toggleAttribute("data-over", true);
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget === null && zone.removeAttribute("data-over"));
    document.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.removeAttribute("data-over");
      byId("data").scrollIntoView({ block: "start" });
      drop(event.dataTransfer);
    });
  }

  const input = byId<HTMLInputElement>("file");
  input.addEventListener("change", () => {
    const [source] = input.files ?? [];
    if (source !== undefined) void publish(source);
    input.value = ""; // the same file may be chosen again
  });
  byId("data-read").addEventListener("click", () => void during("reading", "Not read", tasks.readAll));
  byId("data-sample").addEventListener("click", () => void during("sampling", "Not shown to be available", tasks.sampleAll));
  byId("data-stop").addEventListener("click", stop);
  const picker = byId<HTMLInputElement>("object");
  picker.addEventListener("input", () => {
    store.choose(Number(picker.value));
    void tasks.lookUp(store.index(), running.signal);
  });
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const id = byId<HTMLInputElement>("find-id").value.trim() as Hex;
    void during("reading", "Not found", (signal) => tasks.find(id, signal));
  });
  listenToDrops();
  draw();
  return {
    onChain(state, whom) {
      [chain, heard] = [state, whom];
      draw();
    },
    onValidators(list, self) {
      [validators, own] = [list, self];
      draw();
    },
  };
}
