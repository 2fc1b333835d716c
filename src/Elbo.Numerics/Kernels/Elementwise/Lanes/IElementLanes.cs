namespace Elbo.Numerics;

/// <summary>
/// The arithmetic of one register: what an element-wise operator may do to a vector of <typeparamref name="T"/> without
/// knowing its width. Every operator is written once over this interface and runs 512, 256 and 128 bits wide and on scalars.
/// </summary>
/// <remarks>
/// All members round as IEEE 754 asks, so that an operator gives the same bits at every width. The one exception is
/// <see cref="MultiplyAdd"/>, which is fused only where the hardware can fuse; all widths of one machine agree on it.
/// Masks are vectors whose elements have all bits set or none.
/// </remarks>
/// <typeparam name="TVector">The register type, <c>Vector512&lt;T&gt;</c> or narrower, or <typeparamref name="T"/> itself.</typeparam>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface IElementLanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Elements per vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(T* source);

    static abstract void Store(TVector value, T* destination);

    /// <summary>The first <paramref name="count"/> elements, 0 … Count, then padding; reads nothing beyond them.</summary>
    static abstract TVector LoadFirst(T* source, int count, T padding);

    /// <summary>Writes the first <paramref name="count"/> elements, 0 … Count, and nothing beyond them.</summary>
    static abstract void StoreFirst(TVector value, T* destination, int count);

    /// <summary>Combines all elements, each with the one half a vector further on, until one is left.</summary>
    static abstract T Fold<TReduction>(TVector value)
        where TReduction : struct, IReductionOperator<T>;

    static abstract TVector Create(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    static abstract TVector Negate(TVector a);

    static abstract TVector Abs(TVector a);

    static abstract TVector Sqrt(TVector a);

    /// <summary><c>a · b + c</c>, fused where the hardware fuses.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary><c>a · b + c</c> with one rounding always; slow where the hardware does not fuse.</summary>
    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>IEEE 754-2019 maximum: a NaN in either operand is returned, and +0 exceeds −0.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>IEEE 754-2019 minimum: a NaN in either operand is returned, and −0 is below +0.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The larger, in one instruction: NaN if <paramref name="b"/> is NaN, and one of the operands if they are equal.</summary>
    static abstract TVector MaxNative(TVector a, TVector b);

    /// <summary>The smaller, in one instruction: NaN if <paramref name="b"/> is NaN, and one of the operands if they are equal.</summary>
    static abstract TVector MinNative(TVector a, TVector b);

    static abstract TVector Floor(TVector a);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector a);

    static abstract TVector LessThan(TVector a, TVector b);

    static abstract TVector LessThanOrEqual(TVector a, TVector b);

    static abstract TVector Equal(TVector a, TVector b);

    /// <summary>Bitwise choice: <paramref name="a"/> where the mask is set, else <paramref name="b"/>.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    static abstract TVector And(TVector a, TVector b);

    static abstract TVector Or(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary><c>a &amp; ~b</c>.</summary>
    static abstract TVector AndNot(TVector a, TVector b);

    /// <summary>Adds the bit patterns as integers of the element's size.</summary>
    static abstract TVector AddBits(TVector a, TVector b);

    /// <summary>Subtracts the bit patterns as integers of the element's size.</summary>
    static abstract TVector SubtractBits(TVector a, TVector b);

    static abstract TVector ShiftLeft(TVector a, int count);

    static abstract TVector ShiftRight(TVector a, int count);

    static abstract TVector ShiftRightArithmetic(TVector a, int count);

    /// <summary>Reads each bit pattern as a signed integer of the element's size and converts it to floating point.</summary>
    static abstract TVector ConvertBits(TVector a);

    /// <summary><c>a · 2^n</c> with one rounding, for integer-valued <c>n</c> in ±252 (float) or ±2044 (double).</summary>
    static abstract TVector Scale(TVector a, TVector n);

    /// <summary>Whether any element of the mask is set.</summary>
    static abstract bool Any(TVector mask);
}
