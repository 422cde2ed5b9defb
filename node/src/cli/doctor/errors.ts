import { defineErrors } from "@noema/core/errors";

export const { errors, error: doctorError } = defineErrors({
  DOCTOR_FOUND: {
    means: "something of this machine, its network or its configuration does not let a node run right",
    remedy: "Each line that begins with BAD has its remedy below it.",
  },
});
