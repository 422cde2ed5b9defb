/** Calls that would never end, always as many on the way: what a node makes of them is counted. */
import type { CallsResult } from "../result.ts";
import { createBook, readAnswer } from "../send/book.ts";
import type { Connection } from "../send/connection.ts";
import { httpWire } from "../send/http.ts";

/** As creation code: JUMPDEST, PUSH1 0, JUMP. */
const ENDLESS = "0x5b600056";
const GAS = "0x2faf080"; // 50 million
const BODY = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "eth_call", params: [{ data: ENDLESS, gas: GAS }, "latest"] });
/** Before the next, where one was refused: else the refusals are the load. */
const PAUSE_MS = 20;

/** Each has a connection of its own, as of so many clients. */
export async function startCalls(urls: readonly string[], count: number): Promise<() => CallsResult> {
  const book = createBook(1);
  const connections: Connection[] = [];
  let stopped = false;
  let answered = 0;
  for (const url of urls) {
    const wire = httpWire(url);
    const request = wire.frame(BODY);
    for (let k = 0; k < count; k++) {
      const connection = await wire.connect(() => {});
      connections.push(connection);
      const call = () => {
        if (stopped) return;
        connection.send(request, 0, (body) => {
          answered++;
          readAnswer(book, [0], body, 0);
          setTimeout(call, PAUSE_MS);
        });
      };
      call();
    }
  }
  return () => {
    stopped = true;
    for (const connection of connections) connection.close();
    return { onTheWay: count * urls.length, answered, refusals: Object.fromEntries(book.refusals) };
  };
}
