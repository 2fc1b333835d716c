// The engine's element-wise functions by the engine's names.

import { erf } from "../normal";

const UNARY: Record<string, (x: number) => number> = {
  negate: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  reciprocal: (x) => 1 / x,
  square: (x) => x * x,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  logsigmoid: (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  erfc: (x) => 1 - erf(x),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  relu: (x) => (x < 0 ? 0 : x),
  erf,
  floor: Math.floor,
  round: (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  stopgradient: (x) => x,
};

const BINARY: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  power: Math.pow,
  greater: (a, b) => (a > b ? 1 : 0),
  greaterorequal: (a, b) => (a >= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
};

/** An input of an element-wise step: its values, and where each element is found in them. */
export interface Operand {
  values: Float32Array;
  map: Int32Array | null;
}

/** A step that computes `result` from its operands each time it is run. */
export function elementwise(name: string, operands: Operand[], result: Float32Array): () => void {
  const [a, b, c] = operands;
  if (name === "select") {
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = read(a!, i) !== 0 ? read(b!, i) : read(c!, i);
    };
  }
  const unary = UNARY[name];
  if (unary) {
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = unary(a!.values[i]!);
    };
  }
  const binary = BINARY[name];
  if (!binary) throw new Error(`This page does not know the function '${name}'.`);
  return () => {
    for (let i = 0; i < result.length; i++) result[i] = binary(read(a!, i), read(b!, i));
  };
}

function read(operand: Operand, i: number): number {
  return operand.values[operand.map ? operand.map[i]! : i]!;
}
