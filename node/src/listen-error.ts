import type { NoemaError } from "@noema/core/errors";
import { nodeError } from "./errors.ts";

/** Codes of listen(2) and of name look-up that say something about the host, whatever the port. */
const HOST_FAULTS: Record<string, string> = {
  EADDRNOTAVAIL: "is not an address of this machine",
  EAFNOSUPPORT: "is of an address family that this machine does not have",
  EAI_AGAIN: "cannot be looked up now",
  EINVAL: "is no address to listen on",
  ENOTFOUND: "is unknown",
};

/** Why nothing can listen there: PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED. `what` names the server, such as "RPC". */
export function listenError(what: string, host: string, port: number, error: unknown): NoemaError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const data = { host, port, cause: code };
  if (code === "EADDRINUSE") return nodeError("PORT_IN_USE", `${what}: port ${port} of ${host} is taken by another process`, data, error);
  const fault = HOST_FAULTS[code];
  if (fault !== undefined) return nodeError("HOST_UNUSABLE", `${what}: host ${host} ${fault}`, data, error);
  const cause = code === "EACCES" ? "the system does not permit it" : code;
  return nodeError("LISTEN_FAILED", `${what}: cannot listen on port ${port} of ${host}: ${cause}`, data, error);
}
