/** One question, asked by schedule whatever the answers take. */
import type { ProbeResult } from "../result.ts";
import { type Book, createBook, readAnswer } from "../send/book.ts";
import { httpWire } from "../send/http.ts";
import { percentiles } from "../stats/percentiles.ts";
import { type About, QUESTIONS } from "./questions.ts";

/** As many as a day of them at a thousand a second. */
const MOST = 86_400_000 / 100;

export type ProbeOptions = { url: string; method: string; probeRate: number; about: About };

export async function startProbe({ url, method, probeRate, about }: ProbeOptions): Promise<() => ProbeResult> {
  const params = QUESTIONS[method]?.(about);
  const wire = httpWire(url);
  const connection = await wire.connect(() => clearInterval(timer));
  const book: Book = createBook(MOST);
  const started = performance.now();
  let next = 0;
  const timer = setInterval(() => {
    for (
      let due = started + (1000 * next) / probeRate;
      due <= performance.now() && next < MOST;
      due = started + (1000 * ++next) / probeRate
    ) {
      const i = next;
      book.due[i] = due;
      const request = wire.frame(JSON.stringify({ jsonrpc: "2.0", id: i, method, params }));
      connection.send(request, i, (body) => readAnswer(book, [i], body, performance.now()));
    }
  }, 1);
  return () => {
    clearInterval(timer);
    connection.close();
    const { due, answered, refusals } = book;
    const now = performance.now();
    // What is not answered yet has taken at least until now: leaving it out would hide a stall.
    const latencies = due.subarray(0, next).map((at, i) => (Number.isNaN(answered[i]) ? now : (answered[i] as number)) - at);
    return { method, asked: next, answerMs: percentiles(latencies), refusals: Object.fromEntries(refusals) };
  };
}
