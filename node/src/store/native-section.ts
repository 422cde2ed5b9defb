/**
 * A thread that is ended while it is inside a native add-on may take the process with it: what the add-on throws then cannot be thrown any
 * more, and Node ends (node-addon-api). So a thread says when it is inside, and is ended only when it is not. The two words are a
 * lock of Dekker's kind: each side writes its own before it looks at the other's.
 */
import type { Worker } from "node:worker_threads";
import type { KvReader, KvSnapshot } from "@noema/core/ports/kv-store";

const INSIDE = 0;
const ENDING = 1;

export function createNativeSection(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
}

/** In the thread. What is called after `endOutside` has begun never returns. */
function insideOf(section: SharedArrayBuffer): <T>(call: () => T) => T {
  const words = new Int32Array(section);
  return (call) => {
    Atomics.store(words, INSIDE, 1);
    if (Atomics.load(words, ENDING) === 1) {
      Atomics.store(words, INSIDE, 0);
      Atomics.wait(words, INSIDE, 0);
    }
    try {
      return call();
    } finally {
      Atomics.store(words, INSIDE, 0);
    }
  };
}

/** Ends the thread; waits while it is inside, unless it dies there by itself. */
export async function endOutside(worker: Worker, section: SharedArrayBuffer): Promise<void> {
  const words = new Int32Array(section);
  Atomics.store(words, ENDING, 1);
  const lives = () => worker.threadId !== -1;
  while (lives() && Atomics.load(words, INSIDE) === 1) await new Promise(setImmediate);
  await worker.terminate();
}

/** The reader of a store that is native code. */
export function readInside(reader: KvReader, section: SharedArrayBuffer): KvReader {
  const inside = insideOf(section);
  return {
    snapshot: () => snapshotInside(inside(reader.snapshot), inside),
    close: reader.close,
  };
}

function snapshotInside(snapshot: KvSnapshot, inside: ReturnType<typeof insideOf>): KvSnapshot {
  return {
    get: (table, key) => inside(() => snapshot.get(table, key)),
    *range(...where) {
      const rows = snapshot.range(...where)[Symbol.iterator]();
      try {
        for (;;) {
          const { done, value } = inside(() => rows.next());
          if (done) return;
          yield value;
        }
      } finally {
        inside(() => rows.return?.());
      }
    },
    close: () => inside(snapshot.close),
  };
}
