/** Made by build.ts from the contract's artifact. */
declare module "virtual:digit-reader" {
  export const bytecode: string;
  export const classifySelector: string;
  export const classifiedTopic: string;
}
