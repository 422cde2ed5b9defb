import { createServer } from "node:net";
import { NoemaError } from "@noema/core/errors";

/** `count` ports from `first` on, each checked to be free; with `first` = 0, free ones that the system picks. Throws DEV_PORT_IN_USE. */
export async function claimPorts(host: string, first: number, count: number): Promise<number[]> {
  const ports = Array.from({ length: count }, (_, i) => (first === 0 ? 0 : first + i));
  const held: { port: number; close: () => Promise<void> }[] = [];
  try {
    for (const port of ports) held.push(await listen(host, port));
    return held.map((x) => x.port);
  } finally {
    await Promise.all(held.map((x) => x.close()));
  }
}

function listen(host: string, port: number): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "is taken by another process" : `cannot be used (${error.code})`;
      reject(new NoemaError("DEV_PORT_IN_USE", `port ${port} on ${host} ${reason}: choose another with --port`, { port, host }));
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address() as { port: number };
      resolve({ port: address.port, close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
