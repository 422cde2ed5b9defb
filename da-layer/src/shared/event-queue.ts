/** From who pushes to who iterates; bounded by its producer. */
export function createEventQueue<T>(): AsyncIterable<T> & { push: (event: T) => void } {
  const queue: T[] = [];
  let wake = () => {};
  return {
    push(event) {
      queue.push(event);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        yield queue.shift()!;
      }
    },
  };
}
