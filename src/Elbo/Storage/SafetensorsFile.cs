using System.Collections.ObjectModel;

namespace Elbo.Storage;

/// <summary>The content of a safetensors file: named arrays and a map of text.</summary>
/// <param name="Tensors">The arrays by name, in the order of their data.</param>
/// <param name="Metadata">The map under the key "__metadata__"; empty where the file has none.</param>
public sealed record SafetensorsFile(OrderedDictionary<string, NumericArray> Tensors, ReadOnlyDictionary<string, string> Metadata);
