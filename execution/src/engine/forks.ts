/** Forks as @ethereumjs/common spells them, oldest first (execution.md 1). */
export const FORKS = ["berlin", "london", "paris", "shanghai", "cancun", "prague", "osaka"] as const;
