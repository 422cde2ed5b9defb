// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Token} from "./Token.sol";

/// A pool of two tokens with a constant product and 0.3 % of fee, and one owner of all liquidity.
contract Pool {
    event Swap(address indexed by, address indexed tokenIn, uint256 amountIn, uint256 amountOut);
    event Sync(uint112 reserve0, uint112 reserve1);

    Token public immutable token0;
    Token public immutable token1;
    uint112 public reserve0;
    uint112 public reserve1;

    constructor(Token token0_, Token token1_) {
        token0 = token0_;
        token1 = token1_;
    }

    /// Takes what it was given before as its reserves.
    function sync() public {
        reserve0 = uint112(token0.balanceOf(address(this)));
        reserve1 = uint112(token1.balanceOf(address(this)));
        emit Sync(reserve0, reserve1);
    }

    function swap(bool zeroForOne, uint256 amountIn, uint256 leastOut) external returns (uint256 amountOut) {
        (Token tokenIn, Token tokenOut) = zeroForOne ? (token0, token1) : (token1, token0);
        (uint256 reserveIn, uint256 reserveOut) = zeroForOne ? (reserve0, reserve1) : (reserve1, reserve0);
        uint256 taken = amountIn * 997;
        amountOut = (taken * reserveOut) / (reserveIn * 1000 + taken);
        require(amountOut >= leastOut, "price");
        tokenIn.transferFrom(msg.sender, address(this), amountIn);
        tokenOut.transfer(msg.sender, amountOut);
        sync();
        emit Swap(msg.sender, address(tokenIn), amountIn, amountOut);
    }
}
