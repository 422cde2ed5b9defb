import { createServer } from "node:http";
import { afterEach, expect, it } from "vitest";
import { ask, readJson } from "./ask.ts";

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
