/** JSON values, one a line, of chunks that end anywhere. */
export function createLines(): { push(chunk: Uint8Array): unknown[] } {
  const decoder = new TextDecoder();
  let rest = "";
  return {
    push(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() as string;
      return lines.map((line) => JSON.parse(line) as unknown);
    },
  };
}
