/** That of package.json, which a bundle has not beside it; version.test.ts holds them equal. */
export const VERSION = "0.1.0";
