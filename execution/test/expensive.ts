/** State tests whose cases need minutes each in the reference engine; the 2^32 rounds of BLAKE2 of NEVER need hours. */
export const EXPENSIVE =
  /loopMul|loopExp|CALLBlake2f_MaxRounds|static_Call50000|Call50000|Return50000|Callcode50000|QuadraticComplexity|static_LoopCalls|LoopCallsDepth/;
export const NEVER = /CALLBlake2f_MaxRounds/;
