/** Clients that announce an object, send half of it and then nothing, always as many; one that is told off or cut comes again. */
import { type ClientRequest, request } from "node:http";

const PAUSE_MS = 100;

/** The result ends them, and says how many were cut off by the node. */
export function startHalfPuts(url: string, body: Uint8Array, count: number): () => number {
  const open = new Set<ClientRequest>();
  let stopped = false;
  let cut = 0;
  const begin = () => {
    if (stopped) return;
    const put = request(`${url}/da?raw`, { method: "PUT", agent: false, headers: { "content-length": body.length } });
    open.add(put);
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      open.delete(put);
      put.destroy();
      if (stopped) return;
      cut++;
      setTimeout(begin, PAUSE_MS);
    };
    put.on("response", over).on("error", over).on("close", over);
    put.write(body.subarray(0, body.length >> 1));
  };
  for (let k = 0; k < count; k++) begin();
  return () => {
    stopped = true;
    for (const put of open) put.destroy();
    return cut;
  };
}
