/** The page at / and its two files, which carry their content's hash in their names; nothing is loaded from elsewhere. */
import type { FastifyInstance } from "fastify";

export type Page = { html: string; files: readonly { path: string; type: string; body: string }[] };

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function addPageRoutes(app: FastifyInstance, page: Page): void {
  app.get("/", async (_, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .headers({
        "content-security-policy": POLICY,
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
      })
      .send(page.html),
  );
  for (const file of page.files) {
    app.get(file.path, async (_, reply) =>
      reply.type(file.type).headers({ "cache-control": "public, max-age=31536000, immutable" }).send(file.body),
    );
  }
}
