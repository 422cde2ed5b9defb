/** What is done with a file in the tab: published, looked for, read back, sampled. Each changes the store, and ends with its signal. */
import { rpc } from "../rpc.ts";
import type { DaRows, Hex } from "../types.ts";
import { afterLine, foundFile, isManifestAt, newFile, type ObjectState, SAMPLES, startOf } from "./file-state.ts";
import type { FileStore } from "./file-store.ts";
import { layoutOf } from "./layout.ts";
import { type ReadObject, readObject, sameBytes } from "./read-back.ts";
import { missingText, nameOf, size } from "./words.ts";

export type Publisher = typeof import("./publisher.ts");
type Sampler = typeof import("./sampler.ts");
/** Scripts that are loaded by who needs them. */
export type Scripts = { publisher(): Promise<Publisher>; sampler(): Promise<Sampler> };

/** What a tab publishes ends with it: larger files are for who can go on after a break. */
const MOST_BYTES = 2 ** 30;
/** What is read back without being asked for. */
const READ_AT_ONCE = 64 * 2 ** 20;

export function createTasks(store: FileStore, scripts: Scripts) {
  /** Who holds which rows, and whose signatures there are, as the node knows it now. */
  async function lookUp(at: number, signal: AbortSignal): Promise<void> {
    const id = store.file()?.objects[at]?.id;
    if (id === undefined) return;
    const answer = await rpc<DaRows | null>("noema_daRows", id).catch(() => null);
    if (!signal.aborted && answer !== null) store.edit(at, () => ({ layout: layoutOf(answer) }));
  }

  async function publish(source: File, signal: AbortSignal): Promise<void> {
    const facts = { name: source.name, bytes: source.size, contentType: source.type || "application/octet-stream" };
    store.begin(newFile({ ...facts, objectBytes: Math.max(1, source.size) }), source);
    if (source.size > MOST_BYTES)
      throw new Error(
        `${size(source.size)} are too large for a tab, which cannot go on after a break; noema da put takes files of any size`,
      );
    const { maxObjectBytes } = (await (await fetch("/da", { signal })).json()) as { maxObjectBytes: number };
    store.begin(newFile({ ...facts, objectBytes: maxObjectBytes }), source);
    const { publish: put } = await scripts.publisher();
    const alive = (f: () => void) => signal.aborted || f();
    const events = {
      onObject: (at: number, bytes: number) => alive(() => store.edit(at, () => ({ phase: "sent", bytes }))),
      onLine: (at: number, line: Parameters<typeof afterLine>[1]) =>
        alive(() => {
          store.edit(at, (object) => afterLine(object, line));
          if (line.state === "encoded") store.follow(at);
          // at "encoded" its rows are on their way to the disk, and who holds them is known only after
          if (line.state === "certified" || store.file()?.objects[at]?.layout === undefined) void lookUp(at, signal);
        }),
      onWait: (at: number, why: string) => alive(() => store.edit(at, () => ({ waits: why }))),
    };
    const { id } = await put(source, maxObjectBytes, events, signal);
    signal.throwIfAborted();
    store.change((file) => ({ ...file, id }));
    if (source.size <= READ_AT_ONCE) await readAll(signal);
  }

  /** The manifest's own bytes are proved by its id; whether it names what was published is seen in it. */
  async function isSame(at: number, { bytes }: ReadObject, publisher: Publisher): Promise<boolean> {
    const [file, source] = [store.file(), store.source()];
    if (file === undefined) return false;
    if (isManifestAt(file, at)) {
      const entries = publisher.openManifest(bytes)?.entries ?? [];
      return entries.length === at && entries.every((entry, i) => entry.id === file.objects[i]?.id);
    }
    if (source === undefined) return true; // of all together by the manifest's hash
    const start = startOf(file, at);
    return sameBytes(bytes, new Uint8Array(await source.slice(start, start + file.objectBytes).arrayBuffer()));
  }

  async function readAll(signal: AbortSignal): Promise<void> {
    const publisher = await scripts.publisher();
    store.forget("read");
    store.change((file) => ({ ...file, objects: file.objects.map((object) => ({ ...object, read: undefined, same: undefined })) }));
    const digest = publisher.createPortableDigest();
    let sha256: Hex | undefined;
    for (const [at, object] of [...(store.file()?.objects ?? [])].entries()) {
      const answer = await readObject(object.id as Hex, signal);
      const same = await isSame(at, answer, publisher);
      const file = store.file();
      signal.throwIfAborted();
      if (file !== undefined && isManifestAt(file, at)) sha256 = publisher.openManifest(answer.bytes)?.sha256;
      else digest.update(answer.bytes);
      store.follow(at);
      store.edit(at, () => ({ read: answer.rows, liars: answer.liars, same }));
    }
    store.follow(0);
    if (sha256 !== undefined && sha256 !== publisher.hexOf(digest.digest()))
      store.change((file) => ({ ...file, objects: file.objects.map((object) => ({ ...object, same: false })) }));
  }

  async function sampleAll(signal: AbortSignal): Promise<void> {
    store.forget("sampled");
    store.change((file) => ({
      ...file,
      objects: file.objects.map((object) => ({ ...object, cells: [], chance: undefined, sampled: undefined })),
    }));
    const { sample } = await scripts.sampler();
    for (const [at, { id }] of [...(store.file()?.objects ?? [])].entries()) {
      store.follow(at);
      store.edit(at, () => ({ sampled: "running" }));
      try {
        await sample(
          id as Hex,
          SAMPLES,
          {
            onFacts: () => void lookUp(at, signal),
            onSample: ({ slot, cell, chance }) =>
              signal.aborted || store.edit(at, ({ cells }) => ({ chance, cells: [...cells, { slot, cell }] })),
          },
          signal,
        );
        signal.throwIfAborted();
      } catch (error) {
        const file = store.file();
        if (signal.aborted || file === undefined) throw error;
        store.edit(at, () => ({ sampled: "doubted" }));
        const { data, message } = error as { data?: { slot?: number }; message: string };
        const why = data?.slot === undefined ? message : missingText(file.objects[at] as ObjectState, data.slot);
        throw new Error(`${nameOf(file, at)}: ${why}`);
      }
      store.edit(at, () => ({ sampled: "available" }));
    }
    store.follow(0);
  }

  async function find(id: Hex, signal: AbortSignal): Promise<void> {
    const facts = { name: "A file that is kept", contentType: "application/octet-stream", id };
    store.begin(foundFile({ ...facts, bytes: 0, hasManifest: false }, [{ id, bytes: 0 }]));
    const [head, { openManifest }] = await Promise.all([readObject(id, signal), scripts.publisher()]);
    signal.throwIfAborted();
    const opened = openManifest(head.bytes);
    const own = { id, bytes: head.bytes.length };
    if (opened === undefined) store.begin(foundFile({ ...facts, name: "An object", bytes: own.bytes, hasManifest: false }, [own]));
    else {
      const { kind, name, contentType, bytes, entries } = opened;
      store.begin(foundFile({ id, name: name || `A ${kind} that is kept`, contentType, bytes, hasManifest: true }, [...entries, own]));
    }
    store.edit(opened?.entries.length ?? 0, () => ({ read: head.rows, liars: head.liars, same: true }));
    await lookUp(0, signal);
  }

  return { publish, readAll, sampleAll, find, lookUp };
}
