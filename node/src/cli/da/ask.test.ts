import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { ask, readJson, readLines } from "./ask.ts";

const server = createServer();
afterEach(() => void server.close());

it("gives the node's own code where it has one, and says what is no Noema node", async () => {
  const answers = [
    [429, JSON.stringify({ code: "DA_BUSY", message: "8 publications are under way" })],
    [502, "<html>Bad Gateway</html>"],
    [200, "<html>hello</html>"],
  ] as const;
  let asked = 0;
  server.on("request", (_, response) => {
    const [status, body] = answers[asked++] ?? expect.fail();
    response.writeHead(status).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  await expect(ask(url)).rejects.toMatchObject({ code: "DA_BUSY", message: "8 publications are under way" });
  await expect(ask(url)).rejects.toMatchObject({ code: "CLI_REQUEST_FAILED", message: `${url}: HTTP 502` });
  await expect(ask(url).then(readJson)).rejects.toMatchObject({ code: "CLI_REQUEST_FAILED" });
});

it("reads lines as they come, and throws what the last one refuses", async () => {
  const lines = async (chunks: readonly string[]) => {
    const parts = chunks.map((chunk) => Buffer.from(chunk, "latin1"));
    const states: string[] = [];
    try {
      for await (const { state } of readLines<{ state: string }>(new Response(ReadableStream.from(parts)))) states.push(state);
    } catch (error) {
      states.push((error as { code: string }).code);
    }
    return states;
  };
  const utf8 = Buffer.from('{"state":"é"}\n').toString("latin1");
  expect(await lines(['{"state":"pre', 'paring"}\n{"state":"encoded"}\n', ...utf8])).toEqual(["preparing", "encoded", "é"]);
  expect(await lines(['{"state":"encoded"}\n{"code":"DA_HALTED","message":"halted"}\n'])).toEqual(["encoded", "DA_HALTED"]);
  expect(await lines(['{"state":"included"}'])).toEqual(["included"]); // one answer, no lines
  expect(await lines(['{"state":"encoded"}\n{"sta'])).toEqual(["encoded", "CLI_REQUEST_FAILED"]);
});
