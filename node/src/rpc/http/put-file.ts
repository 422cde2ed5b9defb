/**
 * PUT /da of any size: what is not one object becomes several and a manifest (docs/protocol/files.md). `?raw` is one object, as it is.
 * With `Accept: application/x-ndjson` the answer is a line for every object, of one object for every step, the last one
 * `state: "included"`; what is waited for while the node loads what encodes is the first.
 */
import { Readable } from "node:stream";
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Uploads } from "@noema/da-layer/blob/uploads";
import { daError } from "@noema/da-layer/errors";
import { laneSink } from "@noema/da-layer/files/lane-objects";
import { DEFAULT_TYPE, isManifest, MAGIC } from "@noema/da-layer/files/manifest";
import { nameFault, typeFault } from "@noema/da-layer/files/names";
import { type FileFacts, writeFile } from "@noema/da-layer/files/write-file";
import type { FastifyReply, FastifyRequest } from "fastify";
import { rpcError } from "../errors.ts";
import { bodyOf, refuseUnknown } from "./da-body.ts";
import { type DaRouteDeps, required } from "./da-data.ts";
import { publish, publishOptions, putObject } from "./da-put.ts";
import { refusalOf } from "./http-error.ts";
import { started } from "./started.ts";

/** As long as a body may be silent later. */
const FIRST_BYTES_MS = 10_000;
const LINES = "application/x-ndjson";
/** What a client sends that says nothing of its data. */
const NO_TYPES = ["", DEFAULT_TYPE, "application/x-www-form-urlencoded"];

/** `done`: of "preparing". */
type Line = { state: string; seconds: number; id?: string; bytes?: number; objects?: number; height?: number; done?: number };
type PutDeps = DaRouteDeps & { uploads: Uploads };

/** Throws RPC_DA_QUERY_INVALID. */
function fileFacts(request: FastifyRequest): FileFacts {
  const { name, raw } = request.query as Record<string, string | undefined>;
  const type = request.headers["content-type"]?.toLowerCase() ?? "";
  const fault = name === undefined ? undefined : nameFault(name);
  if (fault !== undefined) throw rpcError("RPC_DA_QUERY_INVALID", `name ${fault}`);
  if (name !== undefined && raw !== undefined)
    throw rpcError("RPC_DA_QUERY_INVALID", "name is of a file: an object, which raw asks for, has none");
  // what a manifest cannot carry, such as a form's type with its boundary, is not kept
  return NO_TYPES.includes(type) || typeFault(type) !== undefined ? { name } : { name, contentType: type };
}

/** Nothing of the body is taken away. Throws DA_STALLED where too little comes to tell. */
function beginsAsManifest(body: Readable, clock: Clock): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const end = () => {
      cancel();
      for (const event of ["readable", "end", "close"]) body.off(event, look);
    };
    const done = (answer: boolean) => {
      end();
      resolve(answer);
    };
    const cancel = clock.after(FIRST_BYTES_MS, () => {
      end();
      reject(daError("DA_STALLED", `${MAGIC.length} bytes did not come`));
    });
    const look = () => {
      const head = body.read(MAGIC.length) as Buffer | null;
      if (head !== null) body.unshift(head);
      if (head !== null || body.readableEnded || body.destroyed) done(head !== null && isManifest(head));
    };
    for (const event of ["readable", "end", "close"]) body.on(event, look);
  });
}

/** Throws what publishing throws. */
async function* putFile(deps: PutDeps, request: FastifyRequest, facts: FileFacts): AsyncIterable<Line> {
  const { unsigned } = request.visitor;
  if (unsigned !== undefined) throw rpcError("RPC_ORIGIN_REFUSED", unsigned);
  const data = required(deps.data);
  const begun = performance.now();
  const lines: Line[] = [];
  let wake = () => {};
  const say = ({ id, ...line }: Omit<Line, "seconds" | "id"> & { id?: Hash }) => {
    lines.push({ ...line, ...(id === undefined ? {} : { id: to0x(id) }), seconds: Math.round(performance.now() - begun) / 1000 });
    wake();
  };
  const gone = new AbortController();
  const options = { objectBytes: deps.maxObjectBytes, clock: deps.clock, signal: gone.signal };
  const sink = laneSink(data, { ...publishOptions(request), from: request.ip }, options, ({ step, done }) => {
    if (step === "preparing") say({ state: step, done });
  });
  // the piece that is being filled and the one that waits for its turn
  const body = deps.uploads.guard(request.ip, bodyOf(request), 2 * deps.maxObjectBytes);
  const work = writeFile(sink, body, facts, (far) => say({ state: "publishing", ...far }));
  let ended = false;
  const end = work
    .then(({ sha256: _, ...written }) => say({ state: "included", ...written }))
    .finally(() => {
      ended = true;
      wake();
    });
  end.catch(() => {}); // awaited below
  try {
    while (!ended || lines.length > 0) {
      const line = lines.shift();
      if (line !== undefined) yield line;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    await end;
  } finally {
    gone.abort(new Error("nobody waits for this publication any more"));
  }
}

/** Throws what stands before any answer; later it is a line {code, message}. */
export async function answerPut(deps: PutDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  refuseUnknown(request, reply);
  const length = Number(request.headers["content-length"]);
  const asLines = request.headers.accept?.includes(LINES) ?? false;
  const facts = fileFacts(request);
  const fits = length <= deps.maxObjectBytes && facts.name === undefined && facts.contentType === undefined && !asLines;
  const raw = (request.query as Record<string, string | undefined>).raw !== undefined;
  const isObject = raw || (length > 0 && fits && (length < MAGIC.length || !(await beginsAsManifest(request.raw, deps.clock))));
  if (isObject && !asLines) return reply.type("application/json").send(JSON.stringify(await publish(deps, request)));
  const lines: AsyncIterable<Line> = isObject ? putObject(deps, request) : putFile(deps, request, facts);
  if (!asLines) {
    let last: Line | undefined;
    for await (const line of lines) last = line;
    return reply.type("application/json").send(JSON.stringify(last));
  }
  const begun = await started(lines);
  async function* text() {
    try {
      for await (const line of begun) yield `${JSON.stringify(line)}\n`;
    } catch (error) {
      yield `${JSON.stringify(refusalOf(error, deps.logger))}\n`;
    }
  }
  return reply.type(LINES).send(Readable.from(text()));
}
