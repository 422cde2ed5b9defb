/** `noema da`: files and directories through any node's HTTP face, and samples of objects. */
import { httpUrl, integer } from "@noema/core/arguments";
import { Command, InvalidArgumentError, Option } from "commander";
import type { GetOptions } from "./get.ts";
import type { LookOptions } from "./list.ts";
import type { PutOptions } from "./put.ts";
import type { SampleOptions } from "./sample.ts";

/** More prove nothing more: 100 miss an object that cannot be rebuilt with less than 1e-18. */
const MOST_SAMPLES = 1000;

const rpc = () => new Option("--rpc <url>", "any node").argParser(httpUrl).default("http://127.0.0.1:8545");

function count(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError("a number of bytes is expected");
  return Number(text);
}

const DEFAULT_RPCS: readonly string[] = ["http://127.0.0.1:8545"];

const rpcs = () =>
  new Option("--rpc <url>", "a node to ask, beside the validators that it names; may be repeated")
    .argParser((text, before: readonly string[] = []) => [...(before === DEFAULT_RPCS ? [] : before), httpUrl(text)])
    .default(DEFAULT_RPCS);

export function command(): Command {
  const da = new Command("da").description("Publishes files and directories and reads them back. `-` is standard input or output.");
  da.command("put")
    .description("publish files, folders or a stream, of any size; prints each id once it stands in a block. Run again it goes on")
    .argument("<path...>", "what to publish, also as a pattern like 'data/*.bin'; - for standard input")
    .addOption(rpc())
    .option("--type <type>", "content type that readers are told, such as image/png")
    .option("--name <text>", "file name that readers are told")
    .option("--namespace <hex>", "whose data it is: 0x and at most 32 bytes")
    .option("--expiry <height>", "until when it is kept", integer(1, 2 ** 40))
    .option("--object-bytes <n>", "cut into objects smaller than the node's largest", count)
    .option("--json", "print one JSON object for each path", false)
    .action(async (paths: string[], options: PutOptions) => {
      const { put } = await import("./put.ts");
      await put(paths, options);
    });
  da.command("get")
    .description("fetch a file or a directory, checked against its commitments by the node that is asked. Run again it goes on")
    .argument("<id>", "what put printed; ID/PATH is one file of a directory")
    .addOption(rpc())
    .option("-o, --out <file>", "where to write it; - for standard output, as without it unless that is a terminal")
    .option("--force", "overwrite a file that exists", false)
    .action(async (id: string, options: GetOptions) => {
      const { get } = await import("./get.ts");
      await get(id, options);
    });
  da.command("ls")
    .description("list the files of a directory: bytes and path")
    .argument("<id>", "what put printed")
    .addOption(rpc())
    .option("--json", "print one JSON object for each file", false)
    .action(async (id: string, options: LookOptions) => {
      const { list } = await import("./list.ts");
      await list(id, options);
    });
  da.command("stat")
    .description("say what a file is: kind, bytes, sha256, type, name, objects")
    .argument("<id>", "what put printed; ID/PATH is one file of a directory")
    .addOption(rpc())
    .option("--json", "print one JSON object", false)
    .action(async (id: string, options: LookOptions) => {
      const { stat } = await import("./list.ts");
      await stat(id, options);
    });
  da.command("sample")
    .description("ask nodes for random cells of one object (of a larger file: of its manifest), each proven: is it available?")
    .argument("<id>", "what put printed")
    .addOption(new Option("--samples <n>", "cells to ask for").argParser(integer(1, MOST_SAMPLES)).default(40))
    .addOption(rpcs())
    .option("--genesis <file>", "the chain's genesis.json; without it the nodes are believed who the validators are")
    .option("--json", "print one JSON object", false)
    .action(async (id: string, options: SampleOptions) => {
      const { sample } = await import("./sample.ts");
      await sample(id, options);
    });
  return da;
}
