namespace Elbo.Numerics;

/// <summary>The epilogue of a product in a plan: its loops, where its operand is, and its name for printed plans.</summary>
internal sealed unsafe record ProductEpilogue<T>(TileEpilogue<T> Loops, TileOperand Source, string Name)
    where T : unmanaged
{
    /// <summary>Resolves the operand's address, once the arena exists.</summary>
    public void Bind() => Loops.Operand = (T*)Source.Buffer!.Address + Source.Offset;
}
