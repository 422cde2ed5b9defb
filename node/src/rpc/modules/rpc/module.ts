/** What this server has, told by itself. */
import { JsonText, method, type RpcModule } from "../../json-rpc/method.ts";
import { mapOf, TEXT } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { openRpc } from "./open-rpc.ts";

export function createRpcModule({ modules, version }: ModuleDeps): RpcModule {
  let document: JsonText | undefined;
  const discover = () => {
    document ??= new JsonText(JSON.stringify(openRpc(modules(), version)));
    return document;
  };
  return {
    name: "rpc",
    methods: {
      "rpc.discover": method({
        summary: "this list, as an OpenRPC document",
        params: [],
        result: { type: "object", description: "an OpenRPC document" },
        open: true,
        run: discover,
      }),
      rpc_modules: method({
        summary: "the namespaces, each with its version",
        params: [],
        result: mapOf(TEXT),
        open: true,
        run: () => Object.fromEntries(modules().map(({ name }) => [name, "1.0"])),
      }),
    },
  };
}
