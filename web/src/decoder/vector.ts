// The one inner loop of the forward pass.

/** result += x · weight[from, from + result.length). */
export function addScaled(result: Float32Array, x: number, weight: Float32Array, from: number): void {
  // After a rectifier half of the values are zero.
  if (x === 0) return;
  for (let j = 0; j < result.length; j++) result[j]! += x * weight[from + j]!;
}
