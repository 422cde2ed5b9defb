/** Total order of what happens: by time, then by sequence. A binary heap. */
export type Happening = { at: number; seq: number; run: () => void };
export type Queue = { heap: Happening[]; seq: number };

export function createQueue(): Queue {
  return { heap: [], seq: 0 };
}

function before(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

export function push(queue: Queue, at: number, run: () => void): void {
  const { heap } = queue;
  const item = { at, seq: queue.seq++, run };
  let i = heap.length;
  heap.push(item);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(item, heap[parent] as Happening)) break;
    heap[i] = heap[parent] as Happening;
    i = parent;
  }
  heap[i] = item;
}

export function pop(queue: Queue): Happening | undefined {
  const { heap } = queue;
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Happening, heap[child] as Happening)) child++;
    if (!before(heap[child] as Happening, last)) break;
    heap[i] = heap[child] as Happening;
    i = child;
  }
  heap[i] = last;
  return top;
}
