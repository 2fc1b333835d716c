using System.Numerics;
using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Where a tile's operand is: a single value, a place in memory that moves along with the tile, or a register of the worker.</summary>
internal enum TileOperandKind : byte
{
    Scalar,
    Memory,
    Register,
}

/// <summary>An operand before addresses are known.</summary>
internal readonly record struct TileOperand(TileOperandKind Kind, PlanBuffer? Buffer, int Offset)
{
    public static TileOperand Register(int index) => new(TileOperandKind.Register, null, index);
}

internal enum TileStepKind : byte
{
    Unary,
    Binary,
    Ternary,
    Load,
    Copy,
    Compound,
    Function,
}

/// <summary>One pass over a tile, before addresses are known.</summary>
internal sealed unsafe class TileStep
{
    public required TileStepKind Kind { get; init; }

    /// <summary>The loop, as the kind's function pointer.</summary>
    public void* Loop { get; init; }

    public TileOperand A { get; init; }

    public TileOperand B { get; init; }

    public TileOperand C { get; init; }

    public TileOperand Destination { get; set; }

    /// <summary>Which of a ternary loop's operands are single values.</summary>
    public int Scalars { get; init; }

    /// <summary>The single values of a compound loop: three of them.</summary>
    public TileOperand[] Weights { get; init; } = [];

    public TileLoad? Load { get; init; }

    /// <summary>A plain function, where no vectorised loop exists.</summary>
    public Operation? Function { get; init; }

    public required string Name { get; init; }
}

/// <summary>Operands resolved to addresses.</summary>
internal unsafe struct BoundOperand<T>
    where T : unmanaged
{
    public T* Pointer;
    public bool MovesWithTile;
    public bool IsRegister;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T* At(long start, T* registers) =>
        MovesWithTile ? Pointer + start : IsRegister ? registers + (nint)Pointer : Pointer;
}

internal unsafe struct BoundStep<T>
    where T : unmanaged
{
    public TileStepKind Kind;
    public int Scalars;
    public void* Loop;
    public BoundOperand<T> A;
    public BoundOperand<T> B;
    public BoundOperand<T> C;
    public BoundOperand<T> Destination;
    public T* Weight0;
    public T* Weight1;
    public T* Weight2;
}

/// <summary>
/// A chain of element-wise operations as passes over tiles of at most <see cref="Capacity"/> elements: each pass is one
/// vectorised loop, and what passes hand to each other stays in the first-level cache.
/// </summary>
internal sealed unsafe class TileProgram<T>(IReadOnlyList<TileStep> steps, int registers)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>4 KiB: the few tiles a chain has alive at once share a 32 KiB cache, and a pass is some ten times its own overhead.</summary>
    public static readonly int Capacity = 4096 / sizeof(T);

    private readonly BoundStep<T>[] _bound = new BoundStep<T>[steps.Count];

    public nuint RegisterBytes => (nuint)(registers * Capacity * sizeof(T));

    public IReadOnlyList<TileStep> Steps => steps;

    public void Bind()
    {
        for (int i = 0; i < _bound.Length; i++)
        {
            TileStep step = steps[i];
            _bound[i] = new BoundStep<T>
            {
                Kind = step.Kind,
                Scalars = step.Scalars,
                Loop = step.Loop,
                A = Bind(step.A),
                B = Bind(step.B),
                C = Bind(step.C),
                Destination = Bind(step.Destination),
                Weight0 = step.Weights.Length > 0 ? Bind(step.Weights[0]).Pointer : null,
                Weight1 = step.Weights.Length > 0 ? Bind(step.Weights[1]).Pointer : null,
                Weight2 = step.Weights.Length > 0 ? Bind(step.Weights[2]).Pointer : null,
            };
        }
    }

    public static BoundOperand<T> Bind(TileOperand operand) => new()
    {
        Pointer = operand.Kind == TileOperandKind.Register ? (T*)(nint)(operand.Offset * Capacity)
            : operand.Buffer is null ? null : (T*)operand.Buffer.Address + operand.Offset,
        MovesWithTile = operand.Kind == TileOperandKind.Memory,
        IsRegister = operand.Kind == TileOperandKind.Register,
    };

    /// <summary>Computes the elements from <paramref name="start"/> on.</summary>
    public void Run(long start, int count, T* registers)
    {
        for (int i = 0; i < _bound.Length; i++)
        {
            ref BoundStep<T> step = ref _bound[i];
            T* destination = step.Destination.At(start, registers);
            switch (step.Kind)
            {
                case TileStepKind.Unary:
                    ((delegate*<T*, T*, int, void>)step.Loop)(step.A.At(start, registers), destination, count);
                    break;
                case TileStepKind.Binary:
                    ((delegate*<T*, T*, T*, int, void>)step.Loop)(step.A.At(start, registers), step.B.At(start, registers), destination, count);
                    break;
                case TileStepKind.Ternary:
                    ((delegate*<T*, T*, T*, T*, int, int, void>)step.Loop)(step.A.At(start, registers), step.B.At(start, registers), step.C.At(start, registers), destination, count, step.Scalars);
                    break;
                case TileStepKind.Compound:
                    ((delegate*<T*, T*, T*, T, T, T, T*, int, void>)step.Loop)(step.A.At(start, registers), step.B.At(start, registers), step.C.At(start, registers), *step.Weight0, *step.Weight1, *step.Weight2, destination, count);
                    break;
                case TileStepKind.Load:
                    steps[i].Load!.Run(step.A.Pointer, destination, start, count);
                    break;
                case TileStepKind.Copy:
                    Unsafe.CopyBlockUnaligned(destination, step.A.At(start, registers), (uint)(count * sizeof(T)));
                    break;
                default:
                    Apply(steps[i].Function!, step.A.At(start, registers), step.B.At(start, registers), step.Scalars, destination, count);
                    break;
            }
        }
    }

    private static void Apply(Operation function, T* a, T* b, int scalars, T* destination, int count)
    {
        if (function is UnaryOperation unary)
        {
            for (int i = 0; i < count; i++) destination[i] = T.CreateSaturating(unary.Function(double.CreateSaturating(a[i])));
            return;
        }

        Func<double, double, double> binary = ((BinaryOperation)function).Function;
        for (int i = 0; i < count; i++)
            destination[i] = T.CreateSaturating(binary(double.CreateSaturating(a[(scalars & 1) != 0 ? 0 : i]), double.CreateSaturating(b[(scalars & 2) != 0 ? 0 : i])));
    }
}
