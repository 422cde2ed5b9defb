import type { Command } from "commander";

/** Of the exported name, the words behind it, and the clone's or package's folder, which ends in a slash. */
export declare function perform(
  name: string,
  module: { command(): Command; elsewhere?: Record<string, string> },
  args: readonly string[],
  root: string,
): Promise<number>;
