export declare function describe(error: unknown): { sentence: string; expected: boolean };
export declare function reportEnd(signal: string): number;
