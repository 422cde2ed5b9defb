/** Workers of many lanes in one process, of which one computes at a time, so that the process's CPU is that of one. */
import type { RowWorker } from "@noema/da-layer/blob/row-worker";

export type WorkerTimes = {
  /** ms of CPU of all threads by node: what its worker took. */
  readonly cpuMs: Map<number, number>;
  isBusy(): boolean;
  measured(worker: RowWorker, index: number): RowWorker;
};

export function createWorkerTimes(): WorkerTimes {
  const cpuMs = new Map<number, number>();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function inTurn<T>(index: number, run: () => Promise<T>): Promise<T> {
    waiting++;
    const before = last;
    const mine = before.then(async () => {
      const cpu = process.cpuUsage();
      try {
        return await run();
      } finally {
        const { user, system } = process.cpuUsage(cpu);
        cpuMs.set(index, (cpuMs.get(index) ?? 0) + (user + system) / 1000);
        waiting--;
      }
    });
    last = mine.catch(() => {});
    return mine;
  }

  return {
    cpuMs,
    isBusy: () => waiting > 0,
    measured: (worker, index) => ({
      ...worker,
      encode: (meta, payload) => inTurn(index, () => worker.encode(meta, payload)),
      checkObject: (object) => inTurn(index, () => worker.checkObject(object)),
      checkRows: (object, rows) => inTurn(index, () => worker.checkRows(object, rows)),
    }),
  };
}
