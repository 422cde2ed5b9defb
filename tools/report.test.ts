import { createServer } from "node:net";
import { NoemaError } from "@noema/core/errors";
import { createPublicClient, http } from "viem";
import { expect, describe as group, it, vi } from "vitest";
import { describe, reportEnd } from "../bin/report.mjs";

const failure = (f: () => unknown) =>
  Promise.resolve()
    .then(f)
    .then(
      () => undefined,
      (error) => error as Error,
    );

group("how an error is told", () => {
  it("ours: its sentence and code, also as a cause and in many lines", () => {
    const ours = new NoemaError("X_BAD", "three\n  is too\nmany");
    expect(describe(ours)).toEqual({ sentence: "three is too many (X_BAD)", expected: true });
    expect(describe(new Error("outside", { cause: ours })).sentence).toBe("three is too many (X_BAD)");
  });

  it.each(["http://127.0.0.1:2", "http://localhost:2"])("nothing answers at %s: by fetch and by viem", async (url) => {
    const client = createPublicClient({ transport: http(url, { retryCount: 0 }) });
    for (const f of [() => fetch(url), () => client.getChainId()]) {
      const { sentence, expected } = describe(await failure(f));
      expect([sentence, expected]).toEqual([
        expect.stringMatching(/^(127\.0\.0\.1|::1):2: nothing answers there: .*\(ECONNREFUSED\)$/),
        true,
      ]);
    }
  });

  it("a client's time is over: the URL, where the system says no address", () => {
    const slow = Object.assign(new Error("x", { cause: Object.assign(new Error("y"), { code: "UND_ERR_CONNECT_TIMEOUT" }) }), {
      url: "http://a",
    });
    expect(describe(slow).sentence).toBe("http://a: no answer in time (UND_ERR_CONNECT_TIMEOUT)");
    const cut = Object.assign(new TypeError("x", { cause: Object.assign(new Error("y"), { code: "EPIPE" }) }), { url: "http://a" });
    expect(describe(cut).sentence).toMatch(/^http:\/\/a: the connection was cut before all was sent.*\(EPIPE\)$/);
  });

  it("files and ports: which, and what is wrong", async () => {
    const { readFile } = await import("node:fs/promises");
    expect(describe(await failure(() => readFile("/no/such/file"))).sentence).toBe("/no/such/file: no such file or folder (ENOENT)");
    const first = createServer();
    await new Promise<void>((done) => first.listen(0, "127.0.0.1", done));
    const { port } = first.address() as { port: number };
    const second = createServer();
    const error = await new Promise((done) => second.once("error", done).listen(port, "127.0.0.1"));
    expect(describe(error).sentence).toBe(`port ${port} on 127.0.0.1 is taken by another process (EADDRINUSE)`);
    await new Promise((done) => first.close(done));
  });

  it("whatever else is thrown: one line, and not foreseen", () => {
    expect(describe(new TypeError("x is\n\u001b[31mnot\u001b[0m y"))).toEqual({ sentence: "x is not y", expected: false });
    expect(describe("words")).toEqual({ sentence: "words", expected: true });
    expect(describe(undefined).sentence).toBe("undefined");
    const loop = new Error("a");
    loop.cause = loop;
    expect(describe(loop)).toEqual({ sentence: "a", expected: false });
  });
});

it("a child that a signal ended: the code of a shell, and words where it was a fault", () => {
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const codes = ["SIGTERM", "SIGKILL", "SIGSEGV", "SIGBUS"].map(reportEnd);
  write.mockRestore();
  expect(codes).toEqual([143, 137, 139, 135]);
  expect(said).toEqual([
    expect.stringMatching(/^noema: the process was ended by a fault.*db check.*\(SIGSEGV\)\n$/),
    expect.stringMatching(/\(SIGBUS\)\n$/),
  ]);
});
