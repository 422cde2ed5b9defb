import { setAccountMethods } from "../../ethereum/set-account.ts";
import type { CreateModule } from "../../module-deps.ts";

export const createAnvilModule: CreateModule = ({ operations }) => ({
  name: "anvil",
  methods: setAccountMethods("anvil", operations, null),
});
