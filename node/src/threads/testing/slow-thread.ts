/** A module that is loaded when it is told so; then it is inside until it is told to come out, and tries to go in again. */
import { once } from "node:events";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { sheltered } from "../shelter.ts";

const port = parentPort as MessagePort;
const { run, loaded } = sheltered(workerData.shelter);

async function told(): Promise<void> {
  const [word] = await once(port, "message");
  if (word === "die") process.exit();
}

port.postMessage("loads");
await told();
port.postMessage("loaded");
setImmediate(async () => {
  loaded();
  await run(async () => {
    port.postMessage("inside");
    await told();
    port.postMessage("outside");
  });
  run(() => port.postMessage("inside again"));
});
