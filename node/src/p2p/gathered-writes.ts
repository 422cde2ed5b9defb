/**
 * What the muxer sends in one turn of the event loop, as one write, with the window updates that could wait (window-updates.ts). Yamux
 * hands over each frame as header and body; TLS makes a record of whatever it is handed, and each record costs both sides a pass through six streams.
 */
import type { MessageStream, Stream, StreamMuxerFactory } from "@libp2p/interface";
import type { Bytes } from "@noema/core/ports/bytes";
import { createWindowUpdates } from "./window-updates.ts";

/** Goes out at once: a long frame does not wait to be copied whole. */
const AT_ONCE_BYTES = 64 << 10;

/** As libp2p's base class of every connection and stream has it; the interface names it for streams alone. */
type Writable = MessageStream & Pick<Stream, "writeStatus">;

export function gatherWrites(factory: StreamMuxerFactory): StreamMuxerFactory {
  const createStreamMuxer: StreamMuxerFactory["createStreamMuxer"] = (connection) => {
    gather(connection as Writable);
    return factory.createStreamMuxer(connection);
  };
  return Object.assign(Object.create(factory), { createStreamMuxer }) as StreamMuxerFactory;
}

/** Replaces `send` and `close` of this very object: whoever holds it must see the same order of bytes. */
function gather(connection: Writable): void {
  const send = connection.send.bind(connection);
  const close = connection.close.bind(connection);
  let parts: Bytes[] = [];
  let bytes = 0;
  let planned: NodeJS.Immediate | undefined;
  const updates = createWindowUpdates();

  function push(part: Bytes): void {
    parts.push(part);
    bytes += part.length;
  }
  function flush(): boolean {
    clearImmediate(planned);
    planned = undefined;
    if (bytes === 0) return !connection.writableNeedsDrain;
    for (const update of updates.take()) push(update);
    const [only] = parts;
    const whole = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, bytes);
    parts = [];
    bytes = 0;
    return send(whole);
  }
  function flushLater(): void {
    if (connection.writeStatus !== "writable") return; // it ended meanwhile, and what waited with it
    try {
      flush();
    } catch (error) {
      connection.abort(error as Error);
    }
  }
  const hasEnded = () => connection.writeStatus === "closing" || connection.writeStatus === "closed";
  connection.send = (data) => {
    // the library throws, and yamux opens a stream in a microtask of its own, where nobody catches it: the process would end
    if (hasEnded()) return false;
    if (data instanceof Uint8Array && updates.hold(data)) return !connection.writableNeedsDrain;
    for (const part of data instanceof Uint8Array ? [data] : data) push(part);
    if (bytes >= AT_ONCE_BYTES || connection.writeStatus !== "writable") return flush();
    planned ??= setImmediate(flushLater);
    return !connection.writableNeedsDrain;
  };
  connection.close = (options) => {
    if (connection.writeStatus === "writable") flushLater();
    return close(options);
  };
}
