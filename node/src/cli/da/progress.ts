/** Lines on stderr while something takes long, so that silence never lasts. */
const EVERY_MS = 2000;

export async function withProgress<T>(words: () => string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const timer = setInterval(() => {
    process.stderr.write(`${words()} ... ${Math.round((performance.now() - started) / 1000)} s\n`);
  }, EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
