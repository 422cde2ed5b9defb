import { setAccountMethods } from "../../ethereum/set-account.ts";
import type { CreateModule } from "../../module-deps.ts";

export const createHardhatModule: CreateModule = ({ operations }) => ({
  name: "hardhat",
  methods: setAccountMethods("hardhat", operations, true),
});
