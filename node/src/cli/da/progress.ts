/** Lines on stderr while something takes long: nothing for what is quick, and never a long silence. */
const EVERY_MS = 2000;

export async function withProgress<T>(describe: (seconds: number) => string, work: Promise<T>): Promise<T> {
  const started = performance.now();
  const tick = () => process.stderr.write(`${describe(Math.round((performance.now() - started) / 1000))}\n`);
  const timer = setInterval(tick, EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
