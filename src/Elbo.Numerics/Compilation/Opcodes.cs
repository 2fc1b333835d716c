namespace Elbo.Numerics;

/// <summary>Which vectorised loop computes an operation; operations not named here are computed by their plain function.</summary>
internal static class Opcodes
{
    public static UnaryOpcode? Of(UnaryOperation operation) => UnaryTable.TryGetValue(operation, out UnaryOpcode opcode) ? opcode : null;

    public static BinaryOpcode? Of(BinaryOperation operation) => BinaryTable.TryGetValue(operation, out BinaryOpcode opcode) ? opcode : null;

    private static readonly Dictionary<UnaryOperation, UnaryOpcode> UnaryTable = new()
    {
        [Unary.Negate] = UnaryOpcode.Negate,
        [Unary.Abs] = UnaryOpcode.Abs,
        [Unary.Sign] = UnaryOpcode.Sign,
        [Unary.Exp] = UnaryOpcode.Exp,
        [Unary.Log] = UnaryOpcode.Log,
        [Unary.Log1p] = UnaryOpcode.Log1p,
        [Unary.Expm1] = UnaryOpcode.Expm1,
        [Unary.Sqrt] = UnaryOpcode.Sqrt,
        [Unary.ReciprocalSqrt] = UnaryOpcode.ReciprocalSqrt,
        [Unary.Reciprocal] = UnaryOpcode.Reciprocal,
        [Unary.Square] = UnaryOpcode.Square,
        [Unary.Sin] = UnaryOpcode.Sin,
        [Unary.Cos] = UnaryOpcode.Cos,
        [Unary.Tanh] = UnaryOpcode.Tanh,
        [Unary.Sigmoid] = UnaryOpcode.Sigmoid,
        [Unary.Softplus] = UnaryOpcode.Softplus,
        [Unary.Relu] = UnaryOpcode.Relu,
        [Unary.LogSigmoid] = UnaryOpcode.LogSigmoid,
        [Unary.Silu] = UnaryOpcode.Silu,
        [Unary.Gelu] = UnaryOpcode.Gelu,
        [Unary.Erf] = UnaryOpcode.Erf,
        [Unary.Erfc] = UnaryOpcode.Erfc,
        [Unary.NormalQuantile] = UnaryOpcode.NormalQuantile,
        [Unary.LogGamma] = UnaryOpcode.LogGamma,
        [Unary.Digamma] = UnaryOpcode.Digamma,
        [Unary.Trigamma] = UnaryOpcode.Trigamma,
        [Unary.Floor] = UnaryOpcode.Floor,
        [Unary.Round] = UnaryOpcode.Round,
    };

    private static readonly Dictionary<BinaryOperation, BinaryOpcode> BinaryTable = new()
    {
        [Binary.Add] = BinaryOpcode.Add,
        [Binary.Subtract] = BinaryOpcode.Subtract,
        [Binary.Multiply] = BinaryOpcode.Multiply,
        [Binary.Divide] = BinaryOpcode.Divide,
        [Binary.Maximum] = BinaryOpcode.Maximum,
        [Binary.Minimum] = BinaryOpcode.Minimum,
        [Binary.Greater] = BinaryOpcode.Greater,
        [Binary.GreaterOrEqual] = BinaryOpcode.GreaterOrEqual,
        [Binary.Equal] = BinaryOpcode.Equal,
        [Binary.Power] = BinaryOpcode.Power,
    };

    /// <summary>What an element costs, in passes of an addition: measured ratios, rounded.</summary>
    public static int Cost(Operation operation)
    {
        if (operation == Unary.Exp || operation == Unary.Sigmoid || operation == Unary.Tanh || operation == Unary.Log || operation == Unary.Sin || operation == Unary.Cos) return 4;
        if (operation == Unary.Gelu || operation == Unary.Erf || operation == Unary.Erfc) return 10;
        if (operation == Unary.Silu) return 5;
        if (operation == Unary.Softplus || operation == Unary.LogSigmoid || operation == Unary.Log1p || operation == Unary.Expm1) return 6;
        if (operation == Unary.Sqrt || operation == Binary.Divide || operation == Unary.Reciprocal || operation == Unary.ReciprocalSqrt) return 2;
        bool hasLoop = operation switch
        {
            UnaryOperation unary => unary == Legalizer.Copy || Of(unary) is not null,
            BinaryOperation binary => Of(binary) is not null,
            _ => true,
        };
        return hasLoop ? 1 : 100;
    }
}
