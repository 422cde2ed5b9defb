/** Forks as @ethereumjs/common spells them, oldest first. */
export const FORKS = ["berlin", "london", "paris", "shanghai", "cancun", "prague", "osaka"] as const;
