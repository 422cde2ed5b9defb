/** Reads `k0` and `k199` of table `a` in snapshots, one after another, until it is told to end; answers what it saw. */
import { parentPort, workerData } from "node:worker_threads";
import { utf8 } from "@noema/core/bytes";
import { loaded, runSheltered } from "../../workers/serve.ts";
import { openReader } from "../open-store.ts";
import { shelterReader } from "../sheltered-reader.ts";

const reader = shelterReader(openReader(workerData.place), runSheltered);
const seen = { snapshots: 0, torn: 0, backwards: 0 };
let last = 0;
let goesOn = true;

function look(): void {
  const snapshot = reader.snapshot();
  const [first, final] = ["k0", "k199"].map((key) => Number(Buffer.from(snapshot.get("a", utf8(key)) ?? "0").toString()));
  snapshot.close();
  seen.snapshots++;
  if (first !== final) seen.torn++;
  if ((first as number) < last) seen.backwards++;
  last = first as number;
  if (goesOn) return void setImmediate(look);
  parentPort?.postMessage({ ...seen, last });
  parentPort?.close();
}

parentPort?.once("message", () => {
  goesOn = false;
});
setImmediate(loaded);
parentPort?.postMessage("open");
look();
