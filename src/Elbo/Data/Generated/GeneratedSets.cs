using Elbo.Numerics;

namespace Elbo.Data;

/// <summary>Draws whole generated sets. Image i depends on the seed and i alone, so any number of threads draws the same rows.</summary>
public static class GeneratedSets
{
    private const ulong TrainKey = 0;
    private const ulong TestKey = 1;

    /// <summary>Draws a generated set.</summary>
    /// <param name="set">One for which <see cref="NamedSet.IsGenerated"/> holds.</param>
    /// <param name="options">The seed and how many rows.</param>
    /// <returns>Training and test rows.</returns>
    /// <exception cref="ArgumentException">The set is not generated.</exception>
    /// <exception cref="ElboException">More rows are wanted than the set has.</exception>
    public static LoadedData Draw(NamedSet set, DataOptions options)
    {
        int train = options.GeneratedTrainRows ?? set.TrainRows;
        int test = options.GeneratedTestRows ?? set.TestRows;
        if (train < 1 || test < 1) throw new ElboException($"{train} training and {test} test rows of '{set.Name}' were asked for; ask for at least 1 of each.");
        if (set == NamedSets.Digits) return new LoadedData(Digits(set.Name, train, options.GeneratorSeed, TrainKey), Digits(set.Name + " test", test, options.GeneratorSeed, TestKey));
        if (set == NamedSets.Shapes) return Shapes(set.Name, train, test, options.GeneratorSeed);
        throw new ArgumentException($"'{set.Name}' is not a generated set.", nameof(set));
    }

    /// <summary>Draws sprites by their indices, with labels and factors.</summary>
    /// <param name="name">What to call the data.</param>
    /// <param name="indices">Which images; see <see cref="SpriteGenerator"/>.</param>
    /// <returns>Rows of shape <c>[1, 64, 64]</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public static DataSet Sprites(string name, ReadOnlyMemory<int> indices)
    {
        const int RowLength = SpriteGenerator.Side * SpriteGenerator.Side;
        int factorCount = SpriteGenerator.FactorNames.Count;
        byte[] pixels = new byte[checked(indices.Length * RowLength)];
        int[] factors = new int[indices.Length * factorCount];
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++) SpriteGenerator.FactorsOf(indices.Span[i], factors.AsSpan(i * factorCount, factorCount));
        Parallel.For(0, indices.Length, i =>
        {
            ReadOnlySpan<int> own = factors.AsSpan(i * factorCount, factorCount);
            SpriteGenerator.Draw(own, pixels.AsSpan(i * RowLength, RowLength));
            labels[i] = own[0];
        });
        return DataSet.FromBytes(name, pixels, [1, SpriteGenerator.Side, SpriteGenerator.Side], labels, SpriteGenerator.ShapeNames, new Factors(SpriteGenerator.FactorNames, SpriteGenerator.FactorSizes, factors));
    }

    private static LoadedData Shapes(string name, int train, int test, ulong seed)
    {
        if ((long)train + test > SpriteGenerator.Count)
            throw new ElboException($"{train} training and {test} test rows of '{name}' were asked for, and there are {SpriteGenerator.Count} images in all; ask for fewer.");
        int[] order = new int[SpriteGenerator.Count];
        new RandomStream(seed).Permutation(order);
        return new LoadedData(Sprites(name, order.AsMemory(0, train)), Sprites(name + " test", order.AsMemory(train, test)));
    }

    private static DataSet Digits(string name, int rows, ulong seed, ulong key)
    {
        const int RowLength = DigitGenerator.Side * DigitGenerator.Side;
        RandomStream stream = new RandomStream(seed).Split(key);
        byte[] pixels = new byte[checked(rows * RowLength)];
        int[] labels = new int[rows];
        Parallel.For(0, rows, i => labels[i] = DigitGenerator.Draw(stream, i, pixels.AsSpan(i * RowLength, RowLength)));
        return DataSet.FromBytes(name, pixels, [1, DigitGenerator.Side, DigitGenerator.Side], labels, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }
}
