export { blake2f } from "./blake2f";
export { begin, finish, raise } from "./montgomery";
