/** Reads a WebSocket server's handshake and frames off a stream (RFC 6455, sections 4 and 5). Servers do not mask. */
export type FrameHandlers = {
  opened(): void;
  text(body: Buffer): void;
  ping(payload: Buffer): void;
  close(reason: string): void;
};

type Frame = { final: boolean; opcode: number; payload: Buffer; end: number };

const CONTINUATION = 0;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export function createFrameReader(on: FrameHandlers): (data: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let open = false;
  let parts: Buffer[] = [];
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    if (!open) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      const status = rest.toString("latin1", 0, rest.indexOf("\r\n"));
      if (!/^HTTP\/1\.1 101 /.test(status)) return on.close(status);
      open = true;
      rest = rest.subarray(end + 4);
      on.opened();
    }
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.end);
      if (frame.opcode === PING) on.ping(frame.payload);
      else if (frame.opcode === CLOSE) on.close(`closed: ${frame.payload.toString("utf8", 2)}`);
      else if (frame.opcode !== PONG) {
        if (frame.opcode !== CONTINUATION) parts = [];
        parts.push(frame.payload);
        if (frame.final) on.text(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
      }
    }
  };
}

function readFrame(data: Buffer): Frame | undefined {
  if (data.length < 2) return undefined;
  const short = (data[1] as number) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (data.length < start) return undefined;
  const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  const end = start + length;
  if (data.length < end) return undefined;
  return { final: ((data[0] as number) & 0x80) !== 0, opcode: (data[0] as number) & 0x0f, payload: data.subarray(start, end), end };
}
