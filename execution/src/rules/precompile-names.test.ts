import { expect, it } from "vitest";
import { nativePrecompiles } from "../engine/natives/natives.ts";
import { FORKS, forkOf } from "./forks.ts";
import { precompileNames } from "./precompile-names.ts";

it.each(FORKS)("%s: each precompile that there is has its name", (name) => {
  const fork = forkOf(name);
  expect(precompileNames(fork).map(([, address]) => address)).toEqual([...nativePrecompiles(fork).keys()]);
});
