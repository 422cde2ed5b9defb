import { createServer } from "node:net";
import { NoemaError } from "@noema/core/errors";
import { listenError } from "@noema/node/listen-error";

/** `count` ports from `first` on, each checked to be free; with `first` = 0, free ones that the system picks. Throws DEV_PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED. */
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
      const taken = `port ${port} on ${host} is taken by another process: choose another with --port`;
      reject(
        error.code === "EADDRINUSE" ? new NoemaError("DEV_PORT_IN_USE", taken, { port, host }) : listenError("devnet", host, port, error),
      );
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address() as { port: number };
      resolve({ port: address.port, close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
