export declare const root: string;
export declare const isClone: boolean;
export declare const PACKED_BUNDLE: string;
export declare function fittingNode(): string;
