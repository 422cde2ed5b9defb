/** The reader of a store that is native code, in a thread that may be ended: threads/shelter.ts. */
import type { KvReader, KvSnapshot } from "@noema/core/ports/kv-store";

type Run = <T>(call: () => T) => T;

export function shelterReader(reader: KvReader, run: Run): KvReader {
  return {
    snapshot: () => shelterSnapshot(run(reader.snapshot), run),
    close: reader.close,
  };
}

function shelterSnapshot(snapshot: KvSnapshot, run: Run): KvSnapshot {
  return {
    get: (table, key) => run(() => snapshot.get(table, key)),
    *range(...where) {
      const rows = snapshot.range(...where)[Symbol.iterator]();
      try {
        for (;;) {
          const { done, value } = run(() => rows.next());
          if (done) return;
          yield value;
        }
      } finally {
        run(() => rows.return?.());
      }
    },
    close: () => run(snapshot.close),
  };
}
