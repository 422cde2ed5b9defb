/** A thread of this node, by the name of its entry. */
import { type TransferListItem, Worker } from "node:worker_threads";
import { type Entry, workerUrl } from "./entry.ts";
import { createShelter, endOutside } from "./shelter.ts";

export type ThreadOptions = {
  /** As the system shows it: 15 characters. */
  name?: string;
  /** With what workers/serve.ts needs. */
  workerData?: object;
  transferList?: TransferListItem[];
};

export type Thread = {
  worker: Worker;
  /** When it may be ended: shelter.ts. */
  end(): Promise<void>;
};

export function startThread(entry: Entry, { workerData, ...o }: ThreadOptions = {}): Thread {
  const shelter = createShelter();
  const worker = new Worker(workerUrl(entry), { ...o, workerData: { ...workerData, shelter } });
  return { worker, end: () => endOutside(worker, shelter) };
}
