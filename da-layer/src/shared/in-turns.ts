import type { AvailabilityCert } from "@noema/core/ports/data";

/** At most `limit` certificates: one of each publisher in turn, each publisher's oldest first, so that nobody's flood holds up the others. */
export function inTurns(certs: Iterable<AvailabilityCert>, limit: number): AvailabilityCert[] {
  const queues = new Map<number, AvailabilityCert[]>();
  for (const cert of certs) {
    const queue = queues.get(cert.header.publisher);
    if (queue === undefined) queues.set(cert.header.publisher, [cert]);
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
