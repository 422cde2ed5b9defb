export declare function describe(error: unknown): { sentence: string; expected: boolean };
