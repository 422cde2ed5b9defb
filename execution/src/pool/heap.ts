/** A binary heap; `before(a, b)`: a comes out first. */
export type Heap<T> = { items: T[]; before: (a: T, b: T) => boolean };

export function createHeap<T>(items: T[], before: (a: T, b: T) => boolean): Heap<T> {
  const heap = { items, before };
  for (let i = (items.length >> 1) - 1; i >= 0; i--) sink(heap, i);
  return heap;
}

export function push<T>(heap: Heap<T>, item: T): void {
  const { items, before } = heap;
  let at = items.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(items[at] as T, items[parent] as T)) break;
    swap(items, at, parent);
    at = parent;
  }
}

export function pop<T>(heap: Heap<T>): T | undefined {
  const { items } = heap;
  if (items.length === 0) return undefined;
  swap(items, 0, items.length - 1);
  const first = items.pop();
  sink(heap, 0);
  return first;
}

function sink<T>({ items, before }: Heap<T>, from: number): void {
  for (let at = from; ; ) {
    let first = at;
    for (const child of [2 * at + 1, 2 * at + 2]) if (child < items.length && before(items[child] as T, items[first] as T)) first = child;
    if (first === at) return;
    swap(items, at, first);
    at = first;
  }
}

function swap<T>(items: T[], a: number, b: number): void {
  [items[a], items[b]] = [items[b] as T, items[a] as T];
}
