// The standard normal: quantiles for the latent plane, draws for fresh samples.

/** Φ⁻¹(u), by the rational approximation of P. J. Acklam: relative error below 1.2e-9. */
export function quantile(u: number): number {
  const a = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239];
  const b = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];
  const c = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
  const d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
  if (u <= 0) return -Infinity;
  if (u >= 1) return Infinity;
  if (u < 0.02425) {
    const t = Math.sqrt(-2 * Math.log(u));
    return horner(c, t) / horner(d, t);
  }
  if (u > 1 - 0.02425) return -quantile(1 - u);
  const q = u - 0.5;
  const r = q * q;
  return (horner(a, r) * q) / horner(b, r);
}

/** Φ(x). */
export function cumulative(x: number): number {
  return 0.5 * (1 + erf(x / Math.SQRT2));
}

/** The error function (Abramowitz & Stegun 7.1.26, absolute error below 1.5e-7). */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * horner([1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592], t) * Math.exp(-x * x);
  return x < 0 ? tail - 1 : 1 - tail;
}

/** One draw from N(0, 1) (Box and Muller). */
export function draw(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function horner(coefficients: number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}
