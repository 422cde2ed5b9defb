/**
 * GET and HEAD /da/<id> of a manifest is its file, as of an object its bytes (da-get.ts answers both); of a directory the list of its files as
 * JSON, and /da/<id>/<path> one of them. `?stat` describes a file; `?raw` is the object itself.
 */
import { Readable } from "node:stream";
import { to0x } from "@noema/core/bytes";
import type { DataLayer } from "@noema/core/ports/data";
import { laneSource } from "@noema/da-layer/files/lane-objects";
import type { ListedFile } from "@noema/da-layer/files/listing";
import { createFileReader, type FileReader, type OpenFile } from "@noema/da-layer/files/read-file";
import type { FastifyReply, FastifyRequest } from "fastify";
import { rpcError } from "../errors.ts";
import { required } from "./da-data.ts";
import { type DaGetDeps, retrieve } from "./da-get.ts";
import { parseDaId } from "./da-id.ts";
import { etagOf, unchanged } from "./etag.ts";
import { started } from "./started.ts";

/** Bytes of others at the node's own origin: a page in them may not act for who looks at it, whatever type it says it has. */
const STRANGER = { "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'", "x-content-type-options": "nosniff" };

export type FileGetter = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export function createFileGetter(deps: DaGetDeps): FileGetter {
  const files = deps.data && createFileReader(laneSource(deps.data));
  return async (request, reply) => {
    const data = required(deps.data);
    if (files === undefined) return retrieve(deps, request, reply);
    const { "*": named } = request.params as { "*"?: string };
    const path = named === "" ? undefined : named; // of a directory as a person writes it
    const { raw, stat } = membersOf(request.query as Record<string, unknown>);
    if (raw !== undefined && (path ?? stat) !== undefined) throw rpcError("RPC_DA_QUERY_INVALID", "raw is of an object: no path, no stat");
    reply.headers(STRANGER);
    if (raw !== undefined) return retrieve(deps, request, reply);
    const gone = new AbortController();
    const { signal } = gone;
    reply.raw.once("close", () => gone.abort());
    const liars = new Set<string>();
    const whole = await files.open(parseDaId(request), signal, { onLiar: (liar) => liars.add(liar) });
    const file = path === undefined ? whole : await files.openPath(whole, path, signal);
    if (path === undefined && whole.manifest?.kind === "directory") {
      const etag = etagOf(whole.id);
      const same = unchanged(request, reply, etag);
      if (same !== undefined) return same;
      reply.type("application/json").header("etag", etag);
      if (request.method === "HEAD") return reply.send();
      deps.downloads.begin(reply);
      return reply.send(Readable.from(await started(renderDirectory(files, whole, signal))));
    }
    if (stat !== undefined) return reply.type("application/json").send(JSON.stringify(path === undefined ? describe(file) : place(file)));
    const name = path?.split("/").at(-1) ?? file.manifest?.name ?? "";
    if (name !== "") reply.header("content-disposition", `inline; filename*=UTF-8''${encodeName(name)}`);
    if (file.manifest !== undefined) reply.type(file.manifest.contentType);
    return retrieve({ ...deps, data: asObject(data, files, file) }, request, reply, liars);
  };
}

/** RFC 8187 3.2.1: a quote would end the character set, and brackets are not in its alphabet; encodeURIComponent leaves them. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (x) => `%${x.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Each stands there once. Throws RPC_DA_QUERY_INVALID. */
function membersOf({ raw, stat, ...others }: Record<string, unknown>): { raw?: string; stat?: string } {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw rpcError("RPC_DA_QUERY_INVALID", `GET /da/<id> has no query member ${unknown.slice(0, 40)}`);
  if (Array.isArray(raw) || Array.isArray(stat))
    throw rpcError("RPC_DA_QUERY_INVALID", `${Array.isArray(raw) ? "raw" : "stat"} stands there twice`);
  return { raw: raw as string | undefined, stat: stat as string | undefined };
}

/** The data layer in which the one object that is asked for is a file. */
function asObject(data: DataLayer, files: FileReader, file: OpenFile): DataLayer {
  return {
    ...data,
    async status(id) {
      const status = await data.status(id);
      return status && { ...status, bytes: file.bytes };
    },
    retrieve: (_, from, to, signal, o) => files.read(file, from, to ?? file.bytes, signal, o),
  };
}

/** Without the files of a directory. */
function describe({ id, bytes, manifest }: OpenFile): Record<string, unknown> {
  if (manifest === undefined) return { id: to0x(id), kind: "object", bytes };
  const { kind, sha256, contentType, name, entries, depth } = manifest;
  return { id: to0x(id), kind, bytes, sha256: to0x(sha256), contentType, name, entries: entries.length, depth };
}

/** Of a directory's file: hash and type of the file `id`, which others share, are not its own. */
const place = ({ id, bytes, from }: OpenFile) => ({ id: to0x(id), kind: "file", bytes, offset: from });

const render = ({ path, bytes, id, offset }: ListedFile) => JSON.stringify({ path, bytes, id: to0x(id), offset });

/** One JSON object, with `files`; in pieces, since a listing may have 65,536 rows. */
async function* renderDirectory(files: FileReader, directory: OpenFile, signal: AbortSignal): AsyncIterable<string> {
  const listed = await files.list(directory, signal);
  yield `${JSON.stringify(describe(directory)).slice(0, -1)},"files":[`;
  for (let at = 0; at < listed.length; at += 1000) {
    const rows = listed.slice(at, at + 1000).map(render);
    yield `${at === 0 ? "" : ","}${rows.join(",")}`;
  }
  yield "]}";
}
