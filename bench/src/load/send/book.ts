/** What became of each transaction on the sending side. Times are milliseconds of performance.now(); NaN: not yet. */
export type Book = {
  /** When it was to be sent: by the schedule, or when its turn came. */
  due: Float64Array;
  answered: Float64Array;
  /** When its receipt was there, where it is asked for. */
  received: Float64Array;
  /** How late each request left, in ms. */
  lag: number[];
  /** Reasons of refusals, and how often each was heard. */
  refusals: Map<string, number>;
  /** Transactions whose last answer was a refusal, with its reason. */
  refused: Map<number, string>;
  sent: number;
  /** When the newest of them was due. */
  lastDue: number;
};

export function createBook(size: number): Book {
  return {
    due: new Float64Array(size).fill(Number.NaN),
    answered: new Float64Array(size).fill(Number.NaN),
    received: new Float64Array(size).fill(Number.NaN),
    lag: [],
    refusals: new Map(),
    refused: new Map(),
    sent: 0,
    lastDue: Number.NEGATIVE_INFINITY,
  };
}

/** A copy of what was sent before, or a broken one, is no transaction of its own. */
export function noteSent(book: Book, txs: readonly number[], due: number): void {
  for (const i of txs) {
    if (!Number.isNaN(book.due[i])) continue;
    book.due[i] = due;
    book.sent++;
    book.lastDue = Math.max(book.lastDue, due);
  }
}

const ERROR = Buffer.from('"error"');

/** An answer is only parsed where it holds an error. Ids are indices. */
export function readAnswer(book: Book, txs: readonly number[], body: Buffer, at: number): void {
  for (const i of txs) if (Number.isNaN(book.answered[i])) book.answered[i] = at;
  if (!body.includes(ERROR)) {
    if (book.refused.size > 0) for (const i of txs) book.refused.delete(i);
    return;
  }
  const parsed: unknown = JSON.parse(body.toString());
  const answers = (Array.isArray(parsed) ? parsed : [parsed]) as { id: number | null; error?: { code: number; message: string } }[];
  for (const { id, error } of answers) {
    const about = typeof id === "number" ? [id] : txs; // a batch that is refused as a whole is answered without ids
    for (const i of about) if (!refuse(book, i, error)) book.refused.delete(i);
  }
}

/** Known already: the node has it, an earlier answer was lost or it was sent again. */
const HAS_IT = /already known|already imported|known transaction/i;

function refuse(book: Book, i: number, error: { code: number; message: string } | undefined): boolean {
  if (error === undefined || HAS_IT.test(error.message)) return false;
  const reason = `${error.code} ${error.message.replaceAll(/0x[0-9a-fA-F]+|\d{3,}/g, "…").slice(0, 120)}`;
  if (i < book.due.length) book.refused.set(i, reason);
  book.refusals.set(reason, (book.refusals.get(reason) ?? 0) + 1);
  return true;
}
