namespace Elbo.Numerics;

/// <summary>Temporary seam.</summary>
public readonly struct RandomStream(ulong seed, ulong stream = 0)
{
    private readonly ulong _seed = seed, _stream = stream;
    /// <summary>Child.</summary>
    public RandomStream Split(ulong key) => new(_seed, unchecked(_stream * 6364136223846793005UL + key + 1));
    internal void FillUniform(Span<double> d, ulong start) { var r = new System.Random(HashCode.Combine(_seed, _stream)); foreach (ref double x in d) x = r.NextDouble(); }
    internal void FillNormal(Span<double> d, ulong start) { FillUniform(d, start); foreach (ref double x in d) x = SpecialFunctions.NormalQuantile(x); }
    internal void FillGumbel(Span<double> d, ulong start) { FillUniform(d, start); foreach (ref double x in d) x = -Math.Log(-Math.Log(x)); }
    internal void FillUniform(Span<float> d, ulong start) { var r = new System.Random(HashCode.Combine(_seed, _stream, start)); foreach (ref float x in d) x = r.NextSingle(); }
    internal void FillNormal(Span<float> d, ulong start) { FillUniform(d, start); foreach (ref float x in d) x = (float)SpecialFunctions.NormalQuantile(x); }
    internal void FillGumbel(Span<float> d, ulong start) { FillUniform(d, start); foreach (ref float x in d) x = -MathF.Log(-MathF.Log(x)); }
}
