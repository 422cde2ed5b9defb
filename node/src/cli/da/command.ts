/** `noema da put` and `noema da get`: blobs through any node's HTTP face. */
import { httpUrl } from "@noema/core/arguments";
import { Command, Option } from "commander";
import type { GetOptions } from "./get.ts";
import type { PutOptions } from "./put.ts";

const rpc = () => new Option("--rpc <url>", "any node").argParser(httpUrl).default("http://127.0.0.1:8545");

export function command(): Command {
  const da = new Command("da").description("Publishes data and reads it back. `-` is standard input or output.");
  da.command("put")
    .description("publish a file as one blob; prints its id once it stands in a block")
    .argument("<file>", "what to publish; - for standard input")
    .addOption(rpc())
    .option("--json", "print one JSON object", false)
    .action(async (file: string, options: PutOptions) => {
      const { put } = await import("./put.ts");
      await put(file, options);
    });
  da.command("get")
    .description("fetch a blob, checked against its commitments by the node that is asked")
    .argument("<id>", "what put printed")
    .addOption(rpc())
    .option("--out <file>", "where to write it; - for standard output, as without it unless that is a terminal")
    .option("--force", "overwrite a file that exists", false)
    .action(async (id: string, options: GetOptions) => {
      const { get } = await import("./get.ts");
      await get(id, options);
    });
  return da;
}
