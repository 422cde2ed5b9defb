/** One case for each thing that network-helpers do, each with the value that is right on any chain. In this order, since `reset` is the last. */
import { accountCases } from "./account-cases.ts";
import { blockCases } from "./block-cases.ts";
import type { Case } from "./case.ts";
import { chainCases } from "./chain-cases.ts";

export const cases: readonly Case[] = [...blockCases, ...accountCases, ...chainCases];
