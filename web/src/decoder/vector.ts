// The inner loops of the forward pass.

/** result[at, at + count) += x · weight[from, from + count). */
export function addScaled(result: Float32Array, x: number, weight: Float32Array, from: number, at = 0, count = result.length): void {
  // After a rectifier half of the values are zero.
  if (x === 0) return;
  for (let j = 0; j < count; j++) result[at + j]! += x * weight[from + j]!;
}

/** Batched matrix products `[..., m, k] · [..., k, n]`, either side possibly stored transposed. */
export function matrixProduct(
  left: Float32Array,
  right: Float32Array,
  result: Float32Array,
  m: number,
  k: number,
  n: number,
  transposeLeft: boolean,
  transposeRight: boolean,
): () => void {
  const batches = result.length / (m * n);
  return () => {
    result.fill(0);
    for (let b = 0; b < batches; b++) {
      const [l, r] = [b * m * k, b * k * n];
      for (let i = 0; i < m; i++) {
        const at = (b * m + i) * n;
        for (let p = 0; p < k; p++) {
          const x = left[l + (transposeLeft ? p * m + i : i * k + p)]!;
          if (!transposeRight) addScaled(result, x, right, r + p * n, at, n);
          else for (let j = 0; j < n; j++) result[at + j]! += x * right[r + j * k + p]!;
        }
      }
    }
  };
}
