using System.Globalization;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Networks;

/// <summary>
/// The written form of initializers: <c>zeros</c>, <c>ones</c>, <c>constant(c)</c>, <c>normal(σ)</c>, <c>uniform(a)</c>, <c>glorot-uniform</c>,
/// <c>glorot-normal</c>, <c>he-uniform</c>, <c>he-normal</c>, <c>lecun-uniform</c>, <c>lecun-normal</c>, <c>kaiming-uniform</c>.
/// </summary>
internal static class InitializerNames
{
    private static readonly Dictionary<string, Initializer> Plain = new(StringComparer.Ordinal)
    {
        ["zeros"] = Initializer.Zeros,
        ["ones"] = Initializer.Ones,
        ["glorot-uniform"] = Initializer.GlorotUniform,
        ["glorot-normal"] = Initializer.GlorotNormal,
        ["he-uniform"] = Initializer.HeUniform,
        ["he-normal"] = Initializer.HeNormal,
        ["lecun-uniform"] = Initializer.LeCunUniform,
        ["lecun-normal"] = Initializer.LeCunNormal,
        ["kaiming-uniform"] = Initializer.KaimingUniform,
    };

    private static readonly Dictionary<string, Func<double, Initializer>> WithNumber = new(StringComparer.Ordinal)
    {
        ["constant"] = static value => new ConstantInitializer(value),
        ["normal"] = static value => new NormalInitializer(value),
        ["uniform"] = static value => new UniformInitializer(value),
    };

    public static Initializer Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Plain.TryGetValue(text, out Initializer? plain)) return plain;
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string name = open < 0 ? text : text[..open];
        if (!WithNumber.TryGetValue(name, out Func<double, Initializer>? make))
            throw new ElboException($"'{text}' is not an initializer{NearestName.Suggestion(name, [.. Plain.Keys, .. WithNumber.Keys])}");
        if (open < 0 || text[^1] != ')' || !double.TryParse(text.AsSpan(open + 1, text.Length - open - 2), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            throw new ElboException($"The initializer '{text}' needs one number in parentheses, as in '{name}(0.01)'.");
        try
        {
            return make(number);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new ElboException($"The initializer '{text}' does not fit: its number must be at least 0 and finite.", exception);
        }
    }

    /// <summary>The written form, which <see cref="Parse"/> reads back.</summary>
    /// <exception cref="ElboException">The initializer holds data or comes from outside and has no written form.</exception>
    public static string Write(Initializer initializer)
    {
        foreach ((string name, Initializer plain) in Plain)
            if (plain.Equals(initializer)) return name;
        return initializer switch
        {
            ConstantInitializer constant => string.Create(CultureInfo.InvariantCulture, $"constant({constant.Value:R})"),
            NormalInitializer normal => string.Create(CultureInfo.InvariantCulture, $"normal({normal.StandardDeviation:R})"),
            UniformInitializer uniform => string.Create(CultureInfo.InvariantCulture, $"uniform({uniform.Bound:R})"),
            _ => throw new ElboException($"The initializer {initializer.GetType().Name} cannot be written to a recipe; use one of {string.Join(", ", Plain.Keys.Concat(WithNumber.Keys))}."),
        };
    }
}
