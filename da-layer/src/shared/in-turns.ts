import type { AvailabilityCert } from "@noema/core/ports/data";

/** At most `limit` certificates: one of each publisher in turn, each publisher's oldest first, so that nobody's flood holds up the others. */
export function inTurns(certs: Iterable<AvailabilityCert>, limit: number): AvailabilityCert[] {
  const queues = new Map<string, AvailabilityCert[]>();
  for (const cert of certs) {
    const publisher = `${cert.header.epoch} ${cert.header.publisher}`; // an index is one's own in its epoch only
    const queue = queues.get(publisher);
    if (queue === undefined) queues.set(publisher, [cert]);
    else if (queue.length < limit) queue.push(cert);
  }
  const out: AvailabilityCert[] = [];
  for (let turn = 0; out.length < limit && queues.size > 0; turn++)
    for (const [publisher, queue] of queues) {
      const cert = queue[turn];
      if (cert === undefined) queues.delete(publisher);
      else if (out.length < limit) out.push(cert);
    }
  return out;
}
