/** The one file that the card shows, and which of its objects. Whoever changes it is drawn in the next frame. */
import { change, type FileState, type ObjectState } from "./file-state.ts";
import { completed, type FileStep } from "./file-steps.ts";

/** Milliseconds since it was dropped, when a step was complete. */
export type Times = Partial<Record<FileStep, number>>;

export type FileStore = ReturnType<typeof createFileStore>;

export function createFileStore(now: () => number, onChange: () => void) {
  let file: FileState | undefined;
  let source: File | undefined;
  let began = 0;
  let times: Times = {};
  let index = 0;
  let chosen = false;

  function set(next: FileState): void {
    file = next;
    for (const step of completed(next)) times[step] ??= now() - began;
    onChange();
  }

  return {
    file: () => file,
    /** What was dropped, to compare with. */
    source: () => source,
    times: (): Times => times,
    /** The object whose rows are shown. */
    index: () => index,
    /** Another file; `from`: what was dropped. */
    begin(next: FileState, from?: File): void {
      [source, times, index, chosen, began] = [from, {}, 0, false, now()];
      set(next);
    },
    change(f: (file: FileState) => FileState): void {
      if (file !== undefined) set(f(file));
    },
    edit(at: number, f: (object: ObjectState) => Partial<ObjectState>): void {
      const object = file?.objects[at];
      if (file !== undefined && object !== undefined) set(change(file, at, f(object)));
    },
    /** Shows the object, unless a person has chosen one. */
    follow(at: number): void {
      if (!chosen) index = at;
      onChange();
    },
    choose(at: number): void {
      [index, chosen] = [at, true];
      onChange();
    },
    /** The step begins anew, and its time from now. */
    forget(step: FileStep): void {
      delete times[step];
      began = now();
    },
  };
}
