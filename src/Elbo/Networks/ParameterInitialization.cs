using System.Numerics;
using System.Text;
using Elbo.Numerics;

namespace Elbo.Networks;

/// <summary>Gives parameters their first values.</summary>
public static class ParameterInitialization
{
    /// <summary>
    /// Draws the first value of every parameter into a store. Each draws from a stream split by its own name, so that adding, removing or
    /// reordering layers leaves every other parameter's start unchanged.
    /// </summary>
    /// <typeparam name="T">float or double; the same draws, rounded.</typeparam>
    /// <param name="parameters">What to initialise.</param>
    /// <param name="store">Where the values go.</param>
    /// <param name="stream">The source of randomness.</param>
    /// <exception cref="ArgumentException">Two parameters share a name.</exception>
    public static void Initialize<T>(this IEnumerable<Parameter> parameters, VariableStore<T> store, RandomStream stream)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(store);
        HashSet<string> names = [];
        foreach (Parameter parameter in parameters)
        {
            if (!names.Add(parameter.Name))
                throw new ArgumentException($"Two parameters are named '{parameter.Name}'; give every layer of a model its own name.", nameof(parameters));
            double[] values = new double[parameter.Shape.ElementCount];
            parameter.Initializer.Fill(values, parameter, stream.Split(NameHash(parameter.Name)));
            Span<T> target = store[parameter.Variable];
            for (int i = 0; i < values.Length; i++) target[i] = T.CreateSaturating(values[i]);
        }
    }

    /// <summary>FNV-1a, 64 bits: the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    internal static ulong NameHash(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes(name)) hash = unchecked((hash ^ value) * 1099511628211);
        return hash;
    }
}
