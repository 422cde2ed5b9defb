export declare const COMMANDS: Record<string, { group: string; about: string; file: string; unbundled?: true }>;
