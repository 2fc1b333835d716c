// Element-wise functions, in place.

import type { ActivationName } from "../contract";
import { erf } from "../normal";

const ROOT = Math.sqrt(2 / Math.PI);

const FUNCTIONS: Record<ActivationName, (x: number, slope: number) => number> = {
  identity: (x) => x,
  relu: (x) => (x > 0 ? x : 0),
  "leaky-relu": (x, slope) => (x > 0 ? x : slope * x),
  elu: (x, slope) => (x > 0 ? x : slope * Math.expm1(x)),
  tanh: Math.tanh,
  sigmoid,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  "gelu-tanh": (x) => 0.5 * x * (1 + Math.tanh(ROOT * (x + 0.044715 * x * x * x))),
  silu: (x) => x * sigmoid(x),
};

const DEFAULT_SLOPE: Partial<Record<ActivationName, number>> = { "leaky-relu": 0.01, elu: 1 };

/** The function with its slope bound. */
export function activation(name: ActivationName, slope: number | undefined): (values: Float32Array) => void {
  const f = FUNCTIONS[name];
  const bound = slope ?? DEFAULT_SLOPE[name] ?? 1;
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = f(values[i]!, bound);
  };
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The mean of a continuous Bernoulli with logit `a`: 1/(1 − e^−a) − 1/a, by its series ½ + a/12 where the two poles cancel. */
export function continuousBernoulliMean(a: number): number {
  if (Math.abs(a) < 1e-2) return 0.5 + a / 12;
  return -1 / Math.expm1(-a) - 1 / a;
}
