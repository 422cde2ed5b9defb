/** Reads HTTP/1.1 answers off a stream: bodies by Content-Length or in chunks (RFC 9112, sections 6 and 7), nothing more. */

export type Answer = { status: number; body: Buffer };

const END_OF_HEAD = Buffer.from("\r\n\r\n");
const END_OF_LINE = Buffer.from("\r\n");
const NOTHING = Buffer.alloc(0);

/** Feeds in what arrives; `answer` is called for each whole one, in order. */
export function createAnswerReader(answer: (answer: Answer) => void): (data: Buffer) => void {
  let rest: Buffer = NOTHING;
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    for (;;) {
      const read = readAnswer(rest);
      if (read === undefined) return;
      rest = rest.subarray(read.end);
      answer(read.answer);
    }
  };
}

function readAnswer(data: Buffer): { answer: Answer; end: number } | undefined {
  const headEnd = data.indexOf(END_OF_HEAD);
  if (headEnd < 0) return undefined;
  const head = data.toString("latin1", 0, headEnd);
  const status = Number(head.slice(9, 12));
  const start = headEnd + END_OF_HEAD.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) return readChunks(data, start, status);
  const end = start + Number(length);
  return data.length < end ? undefined : { answer: { status, body: data.subarray(start, end) }, end };
}

function readChunks(data: Buffer, start: number, status: number): { answer: Answer; end: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const line = data.indexOf(END_OF_LINE, at);
    if (line < 0) return undefined;
    const size = Number.parseInt(data.toString("latin1", at, line), 16);
    const from = line + END_OF_LINE.length;
    at = from + size + END_OF_LINE.length;
    if (data.length < at) return undefined;
    if (size === 0) return { answer: { status, body: Buffer.concat(parts) }, end: at };
    parts.push(data.subarray(from, from + size));
  }
}
