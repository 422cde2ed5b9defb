/** Made by build.ts from the contract's artifact. */
declare module "virtual:digit-reader" {
  export const bytecode: `0x${string}`;
  export const classifySelector: `0x${string}`;
  export const classifiedTopic: `0x${string}`;
}
